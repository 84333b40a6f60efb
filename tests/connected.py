"""Connections to a SQLite file that stay for the next test, with the statements they know, where nobody made something else of them."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

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
    return all(
        not one.dbapi_connection.in_transaction and one.info.get("taught") == _of(one.dbapi_connection)
        for one in idle
    )


def _of(connection: Any) -> list[Any]:
    return [connection.execute(f"PRAGMA {name}").fetchone() for name in TAUGHT]
