"""Statistics of single groups, pairs, diagnostic tests, rates and strata, as papers of other designs than a comparison of curves print them."""
