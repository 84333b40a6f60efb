"""What every operation of the REST interface has in common: how it reads, refuses and is documented."""
