"""Answers, and all that is kept of one person, as files."""
