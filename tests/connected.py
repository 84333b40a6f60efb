"""Connections to a SQLite file that stay for the next test, with the statements they know, where nobody made something else of them."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

TAUGHT = (
    "foreign_keys",
    "synchronous",
    "busy_timeout",
    "wal_autocheckpoint",
    "max_page_count",
    "locking_mode",
)


def remember(engine: Engine) -> None:
    """What each new one is, after everybody who teaches it."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _remember)


def _remember(connection: Any, record: Any) -> None:
    record.info["taught"] = _of(connection)


def as_they_were(engine: Engine) -> bool:
    """All are back, and none is in the middle of something or was told something else."""
    pool: Any = engine.pool
    kept: Any = getattr(pool, "_pool", None)
    if not isinstance(pool, QueuePool) or engine.dialect.name != "sqlite" or pool.checkedout():
        return False
    idle = [one for one in kept.queue if one.dbapi_connection is not None]
    return all(_is_as_it_was(one) for one in idle)


def _is_as_it_was(one: ConnectionPoolEntry) -> bool:
    """What the product remembers of it is true as well: otherwise it would not say anew that it only reads."""
    connection: Any = one.dbapi_connection
    only_reads = connection.execute("PRAGMA query_only").fetchone()[0] == 1
    return (
        not connection.in_transaction
        and one.info.get("taught") == _of(connection)
        and only_reads == (one.info.get("query_only") == "ON")
    )


def _of(connection: Any) -> list[Any]:
    return [connection.execute(f"PRAGMA {name}").fetchone() for name in TAUGHT]
