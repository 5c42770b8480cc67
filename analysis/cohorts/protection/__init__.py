"""Patients of your own: what pages may learn of them."""
