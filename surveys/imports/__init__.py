"""A file of answers that came in elsewhere, read row by row."""
