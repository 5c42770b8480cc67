"""Numbers, dates, units as people write them."""
