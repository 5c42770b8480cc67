"""Fonts of figures: subsets of DejaVu Sans, made by ``tests/figures/make_fonts.py``; their licence stands beside them."""

from pathlib import Path

FONTS = Path(__file__).parent
