"""Figures: each function takes a result and returns an object; none reads or writes a file."""
