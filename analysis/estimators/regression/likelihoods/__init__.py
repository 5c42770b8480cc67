"""Partial likelihoods of a Cox model, by what is done about ties."""
