"""Two states of the project compared."""
