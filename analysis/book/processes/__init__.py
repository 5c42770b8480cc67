"""Shutdown on Ctrl-C, temporary folders, progress counter."""
