"""The build: Snakemake's jobs, fork server, failures."""
