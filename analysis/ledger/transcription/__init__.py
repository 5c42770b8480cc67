"""From a paper's text and tables to rows of its ledger."""
