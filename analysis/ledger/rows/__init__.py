"""A printed number: row, reading, expressions."""
