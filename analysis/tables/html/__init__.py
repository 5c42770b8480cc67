"""How a table and its cells show on a page."""
