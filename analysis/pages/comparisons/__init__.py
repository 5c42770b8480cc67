"""Sections that compare groups: effects, forests, assumption checks, odds, models, multiplicity, fragility, clustered rows."""
