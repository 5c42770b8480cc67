"""From points that somebody read off a figure to a study folder that the reconstruction takes: read, tidied, written."""
