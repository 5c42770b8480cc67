"""What each page depends on: imports, graph, fingerprints, build records."""
