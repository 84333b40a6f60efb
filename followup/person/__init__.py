"""One person: everything between us on one page, and a message to them alone."""
