"""The build: its jobs, the fork server, failures."""
