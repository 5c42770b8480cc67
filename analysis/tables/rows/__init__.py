"""Ledger rows as tables: printed beside recomputed, audit page."""
