"""Ends of the ranges of unpublished quantities, searched for on purpose."""
