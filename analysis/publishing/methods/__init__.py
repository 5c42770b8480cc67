"""Worked examples of the pages on methods, computed when the pages are executed."""
