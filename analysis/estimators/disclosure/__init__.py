"""Bounds from ranges of counts."""
