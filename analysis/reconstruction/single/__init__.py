"""Pipeline 1: one table."""
