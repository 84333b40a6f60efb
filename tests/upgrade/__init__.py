"""Databases of earlier versions, and what must still be true of them after an upgrade."""
