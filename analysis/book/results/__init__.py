"""What is committed below book/results, as text."""
