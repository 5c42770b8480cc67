"""Worked examples of the guide."""
