"""Survival and incidence curves."""
