"""What a notebook calls (`Page`, `GeneralPage`), the parameters it runs with, and the guards that turn "does not apply" into a sentence."""
