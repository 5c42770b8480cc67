"""Pages and sweeps executed on request: a fair queue, one process a run, what becomes of each."""
