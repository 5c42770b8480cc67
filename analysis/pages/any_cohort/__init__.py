"""Pages bound to no paper: any cohort, protected ones in ranges."""
