"""Directed search for ends of ranges."""
