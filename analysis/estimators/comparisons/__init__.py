"""Two or more curves compared."""
