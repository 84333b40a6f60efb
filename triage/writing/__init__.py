"""The writing aid: one rule a file, read as staff type; what it finds says why, and what to write instead."""
