"""Below `core/db.py`: connections, turns to write, and what differs between SQLite and PostgreSQL."""
