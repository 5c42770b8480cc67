"""Verification without the solver."""
