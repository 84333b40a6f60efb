"""What comments are about: named in each language, merged, taken away."""
