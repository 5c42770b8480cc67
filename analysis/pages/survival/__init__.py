"""Sections on survival: curves, competing risks, switching treatment, landmarks, second time origin."""
