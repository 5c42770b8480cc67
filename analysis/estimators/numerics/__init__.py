"""Checks of arguments, distributions, Newton, separation."""
