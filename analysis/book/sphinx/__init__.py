"""Sphinx extensions and the run of Sphinx."""
