"""Known truth, leave-out, chance."""
