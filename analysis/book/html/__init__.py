"""HTML made of executed notebooks: embedded files, panel, backlinks, check."""
