"""Findings, claims, definitions, scoreboard as tables."""
