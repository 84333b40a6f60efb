"""PostgreSQL, spoken to so that it plans a statement once a connection and not once a page.

psycopg has the server prepare what it is asked for a sixth time, and forgets all of that when a transaction is rolled
back, since tables may be others again. A transaction that only reads ends so by SQLAlchemy's custom: then each page planned
each of its statements anew, which took the server longer than to answer them.
"""

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from core.database.pools import writing


class Dialect(PGDialect_psycopg):
    """psycopg's, with transactions that say what they are for."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """READ ONLY stands in the BEGIN itself: a statement of its own would be one more way there and back."""
        dbapi_connection.driver_connection.read_only = not writing.get()

    def do_rollback(self, dbapi_connection: Any) -> None:
        """What only read can be committed, and psycopg keeps what it prepared; unless it failed, perhaps by that."""
        driver = dbapi_connection.driver_connection
        sound = driver.info.transaction_status.name == "INTRANS"
        (driver.commit if sound and driver.read_only else driver.rollback)()


registry.register("postgresql.ours", __name__, Dialect.__name__)
DRIVER = "postgresql+ours"
