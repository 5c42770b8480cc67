"""What printed curves and tests allow."""
