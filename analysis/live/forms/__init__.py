"""The form of a page, made from its typed parameters."""
