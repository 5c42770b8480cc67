"""Findings and claims."""
