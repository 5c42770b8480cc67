"""A study opened; values without verdicts."""
