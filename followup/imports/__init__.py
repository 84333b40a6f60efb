"""Answers that came in elsewhere: a file, its preview, and what follows for whoever gave them."""
