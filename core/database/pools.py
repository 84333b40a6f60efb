"""Connections to a SQLite file that stay what they are: some read, one writes.

Saying `PRAGMA query_only` again makes SQLite compile every statement of that connection anew, which cost an answer a
quarter of its time when one connection read, wrote and read in turns.
"""

import logging
from contextvars import ContextVar
from typing import Any

from sqlalchemy import QueuePool
from sqlalchemy.pool import ConnectionPoolEntry

writing: ContextVar[bool] = ContextVar("writing", default=False)
"""Whether this thread is inside `core.db.writing()`."""

logging.getLogger(f"{__name__}.ByPurpose").setLevel(logging.WARNING)
"""SQLAlchemy's pools log under the name of their class: this one would speak among our own words."""


def query_only() -> str:
    """What a connection of this moment must be."""
    return "OFF" if writing.get() else "ON"


class ByPurpose(QueuePool):
    """Hands out the connection that was used last for the same purpose: it has the pages of the file at hand.

    There is one more rather than one that changes. Only which one is chosen here: that it is what it must be is
    still made sure of when it begins.
    """

    def _do_get(self) -> ConnectionPoolEntry:
        if not self._found_on_top() and self._overflow < 0 and self._inc_overflow():
            return self._made()
        return super()._do_get()

    def _found_on_top(self) -> bool:
        """Another thread may take it meanwhile: then this one gets any other."""
        idle: Any = self._pool
        with idle.mutex:
            found = next((one for one in reversed(idle.queue) if _fits(one)), None)
            if found is not None:
                idle.queue.remove(found)
                idle.queue.append(found)
        return found is not None

    def _made(self) -> ConnectionPoolEntry:
        try:
            return self._create_connection()
        except BaseException:
            self._dec_overflow()
            raise


def _fits(one: ConnectionPoolEntry) -> bool:
    return one.info.get("query_only") in {None, query_only()}
