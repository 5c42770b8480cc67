"""One notebook or one sweep run by a person."""
