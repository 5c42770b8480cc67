"""Lint of sources, settings, workflows, links."""
