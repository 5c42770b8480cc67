"""Sections about the paper itself: its tables, registers, summary, literature, overview figures."""
