"""Editions, sweeps, table of contents."""
