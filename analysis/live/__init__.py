"""The book served on this machine alone: pages re-executed from a form, on a reader's own patients if they like."""
