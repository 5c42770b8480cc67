"""Pipeline 2: cases linked into a registry."""
