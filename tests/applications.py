"""Applications made once for many tests: their routes, templates and statements would be compiled anew for each.

What a test can change of one is put back when it is over; who changes more asks for `app_of_its_own`.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from core.db import db
from core.settings import Settings
from surveys.pace import Pace
from tests import connected
from tests.compiled import COMPILED

Make = Callable[[Settings], Flask]
READ_WHEN_NEEDED = {"data_dir", "smtp_url", "imap_url", "hold_minutes"}
"""Settings that an application reads each time it needs them: it need not be made with them."""
MOST = 8
_chosen: dict[tuple[str, str], Settings] = {}
_made: dict[tuple[Make, str], "Lent"] = {}


class Lent:
    """An application, and what it was when it was made."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self._engine = db.engine
        event.listen(self._engine, "connect", _in_no_hurry_to_the_disk)
        connected.remember(self._engine)
        app.extensions["turns"].lasting = False
        self._file = 0
        self.app, self._held = app, (app.config, app.extensions, app.view_functions)
        self._before = [dict(held) for held in self._held]

    def taken(self) -> Flask:
        """Without connections to a file that is not there any more."""
        file = _file_of(self._engine)
        if file != self._file:
            self._engine.dispose()
        self._file = file
        return self.app

    def let_go(self) -> None:
        self._engine.dispose()

    def back(self) -> None:
        """As it was: nothing that one test left is there for the next."""
        if _file_of(self._engine) != self._file or not connected.as_they_were(self._engine):
            self._engine.dispose()
        for held, before in zip(self._held, self._before, strict=True):
            held.clear()
            held.update(before)
        for name, pace in list(self.app.extensions.items()):
            if isinstance(pace, Pace):
                self.app.extensions[name] = Pace(pace.most, pace.seconds)
        self.app.__dict__.pop("test_client_class", None)


def let_go() -> None:
    """No application keeps a connection."""
    for one in _made.values():
        one.let_go()


def _file_of(engine: Engine) -> int:
    """The number of the file that is there now; as long as somebody has one open, no other gets its number."""
    with suppress(OSError):
        return Path(engine.url.database or "").stat().st_ino if engine.dialect.name == "sqlite" else 0
    return 0


def _in_no_hurry_to_the_disk(connection: Any, _record: object) -> None:
    """No test pulls the plug of this process, and each commit would wait for the disk."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def chosen(values: dict[str, Any], folder: Path) -> Settings:
    """Settings with these values, which are read and judged once for all tests that choose the same."""
    around = [
        (name, value)
        for name, value in os.environ.items()
        if name.lower().removesuffix("_file") in Settings.model_fields
    ]
    key = repr(sorted(values.items())), repr(around)
    if key not in _chosen:
        _chosen[key] = Settings(**values)
    return _chosen[key].model_copy(update={"data_dir": folder})


@contextmanager
def lent(make: Make, settings: Settings) -> Iterator[Flask]:
    """One that was made with settings like these, with its context pushed."""
    key = make, settings.model_dump_json(exclude=READ_WHEN_NEEDED)
    one = _made[key] = _made.pop(key) if key in _made else Lent(make(settings))
    if len(_made) > MOST:
        _made.pop(next(iter(_made))).let_go()
    one.app.config["SETTINGS"] = settings
    with _in(one.taken()):
        yield one.app
    one.back()


@contextmanager
def pushed(app: Flask) -> Iterator[Flask]:
    """An application to work in, and nothing of it left open."""
    with _in(app):
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _in(app: Flask) -> Iterator[None]:
    app.testing, app.jinja_env.bytecode_cache = True, COMPILED
    with app.app_context():
        yield
        db.session.remove()
