"""Many cohorts: files, members, the central one."""
