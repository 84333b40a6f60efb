"""One database on PostgreSQL for many tests: to make one takes a third of a second of this machine, to empty it a fiftieth."""

import psycopg

from tests.postgresql import command, url

SHAPE = """
    SELECT count(*), sum(xmin::text::bigint) FROM (
        SELECT xmin FROM pg_class UNION ALL SELECT xmin FROM pg_attribute UNION ALL SELECT xmin FROM pg_constraint
        UNION ALL SELECT xmin FROM pg_proc UNION ALL SELECT xmin FROM pg_trigger
        UNION ALL SELECT xmin FROM pg_statistic UNION ALL SELECT xmin FROM alembic_version
    ) AS all_that_is_no_row_of_ours
"""
OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
WRITTEN = """
    SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
COUNTED = """
    SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
    WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""


class Emptied:
    """A copy of `template` that each test finds as if it were made for it."""

    def __init__(self, folder: str, name: str = "test") -> None:
        self.folder, self.name, self._shape = folder, name, ""

    def taken(self) -> str:
        """Its address, for a test."""
        if not self._shape:
            command(self.folder, f"CREATE DATABASE {self.name} TEMPLATE template")
            with self._connected() as connection:
                self._shape = _shape(connection)
        return url(self.folder, self.name)

    def back(self) -> None:
        """Without what the test wrote, and without whoever is still there. Where it changed more than rows, a new one is made."""
        with self._connected() as connection:
            connection.execute(OTHERS)
            same = _shape(connection) == self._shape
            if same:
                _empty(connection)
        if not same:
            self._shape = ""
            command(self.folder, f"DROP DATABASE {self.name} WITH (FORCE)")

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(url(self.folder, self.name), autocommit=True)


def _shape(connection: psycopg.Connection) -> str:
    """Another one after any change of tables, of what is known of them, or of the version of the schema."""
    try:
        return str(connection.execute(SHAPE).fetchone())
    except psycopg.errors.UndefinedTable:
        return "without a version"


def _empty(connection: psycopg.Connection) -> None:
    """VACUUM gives the pages back, so that rows lie in the order in which they come; TRUNCATE would touch every table."""
    tables = [str(name) for (name,) in connection.execute(WRITTEN)]
    connection.execute("SET session_replication_role = replica")  # keys of other tables are not looked up
    for table in tables:
        connection.execute(f"DELETE FROM {table}".encode())
    connection.execute(COUNTED)
    if tables:
        connection.execute(f"VACUUM {', '.join(tables)}".encode())
