"""Rounding, profiles, judgement, audit."""
