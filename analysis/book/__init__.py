"""Sources to book; where outputs stand; provenance; redaction of a reader's own file."""
