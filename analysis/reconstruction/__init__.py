"""From a ledger to cohorts: patient tables that satisfy the printed numbers."""
