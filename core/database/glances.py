"""One look at the database by itself, for pages that ask one thing: a session, BEGIN and ROLLBACK around it cost three times the look.

Nobody can write in it either: these connections are told to read and nothing else, for as long as they live.
"""

from collections import deque
from contextlib import suppress
from typing import Any

from flask import current_app
from sqlalchemy import Engine, event

from core.database.connections import as_everywhere

READ_ONLY = {
    "sqlite": "PRAGMA query_only=ON",
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
}


class Glances:
    """Each statement is a transaction of its own. There are as many connections as ever looked at the same moment."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.dialect = engine, engine.dialect
        self._resting = deque[Any]()
        event.listen(engine, "engine_disposed", self.close)

    def rows(self, sql: str, parameters: Any) -> list[tuple[Any, ...]]:
        """All that it finds. Who rested may have been cut meanwhile, and all the others with it: then a new one looks."""
        failed = self.dialect.loaded_dbapi.Error
        with suppress(failed, LookupError):
            return self._asked(self._resting.pop(), sql, parameters)
        try:
            return self._asked(self._new(), sql, parameters)
        except failed as error:
            raise as_everywhere(sql, error, self.dialect) from error

    def _asked(self, driver: Any, sql: str, parameters: Any) -> list[tuple[Any, ...]]:
        try:
            found: list[tuple[Any, ...]] = driver.execute(sql, parameters).fetchall()
        except BaseException:
            driver.close()
            self.close()
            raise
        self._resting.append(driver)
        return found

    def _new(self) -> Any:
        """Made and taught as all are, and from then on no longer the pool's."""
        lent = self._engine.raw_connection()
        driver: Any = lent.driver_connection
        lent.detach()
        if self.dialect.name == "postgresql":
            driver.rollback()  # of the question whether it is still there
            driver.autocommit = True
        driver.execute(READ_ONLY[self.dialect.name])
        return driver

    def close(self, _engine: object = None) -> None:
        """Those that rest."""
        while self._resting:
            with suppress(LookupError):
                self._resting.pop().close()


def glances() -> Glances:
    """Those of this application."""
    held: Glances = current_app.extensions["glances"]
    return held
