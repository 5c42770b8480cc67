"""Finished cohorts, brought to printed numbers that no search steers, by the ledger's own estimators."""
