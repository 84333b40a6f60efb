"""What colleagues write to each other about a comment. It never leaves."""
