"""Compiled evaluators and annealing."""
