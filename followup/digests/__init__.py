""" "You said, we did": what a round brought, told once to everyone who gave a score and no words."""
