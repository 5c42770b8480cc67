"""Files, fingerprint, processes."""
