"""Landmark, start-stop rows, switching."""
