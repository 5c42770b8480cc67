"""Cox and logistic regression."""
