"""Partial likelihoods of a Cox model, by what is done about ties, and likelihoods of logistic models, many at once."""
