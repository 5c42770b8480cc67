"""Parameters of notebooks: declared, checked against the study, interpretations followed."""
