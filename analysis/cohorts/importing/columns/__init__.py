"""One column or row: coding, labels, schema."""
