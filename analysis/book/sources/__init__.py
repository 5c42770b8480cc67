"""Notebook sources: reading them, links between them."""
