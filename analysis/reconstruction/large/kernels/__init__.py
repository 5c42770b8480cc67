"""Steps of the search of large groups, compiled, that are no moves and no misses."""
