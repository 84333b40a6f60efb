"""What was told and no longer holds: whoever heard it hears what does."""
