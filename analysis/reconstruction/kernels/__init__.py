"""Compiled evaluators, and the loop of annealing."""
