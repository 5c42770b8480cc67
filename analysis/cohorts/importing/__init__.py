"""A site's own cohort file: read in its own form, mapped to the declaration, checked, reported."""
