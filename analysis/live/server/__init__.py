"""Requests of a browser: what is answered, and to whom."""
