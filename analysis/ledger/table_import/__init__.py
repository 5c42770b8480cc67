"""Rows of a ledger from the tables that a paper prints."""
