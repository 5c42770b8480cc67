"""Sources to book; where outputs stand; provenance; redaction of a reader's own file."""

from analysis.book.upstream import skip_iri_grammar

skip_iri_grammar()
