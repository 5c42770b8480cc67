"""CP-SAT models of times and labels."""
