"""Printed numbers: reading, recomputing under conventions, rounding, verdicts."""
