"""Updates that are told on the phone."""
