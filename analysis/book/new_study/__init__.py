"""A further study: its files and pages, generated from what it declares."""
