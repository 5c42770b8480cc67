"""E-values, fragility, tipping point, detectable effect, multiplicity."""
