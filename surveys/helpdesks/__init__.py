"""Helpdesks that ask for us: a ticket is closed, and its customer is invited."""
