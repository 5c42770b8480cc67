"""What a reviewer needs: text snapshots of the results, what moved between two states, checks of the sources."""
