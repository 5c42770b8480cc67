"""Contingency tables, t tests, Mann-Whitney, proportions."""
