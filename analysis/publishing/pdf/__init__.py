"""The whole book as one PDF: its pages joined, printed by a browser, finished."""
