"""Counting models for large tables."""
