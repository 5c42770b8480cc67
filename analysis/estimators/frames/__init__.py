"""The estimators on pandas objects, with the names of lifelines: what `analysis.estimators` offers to whoever imports it."""
