"""From notebook sources to a book: parameters, execution, provenance, HTML and its checks."""
