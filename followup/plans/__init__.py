"""What was planned and told is owed: late, under way, or moved to another day."""
