"""What reconstruction knows, tried out: printed numbers left out and known cohorts published as papers."""
