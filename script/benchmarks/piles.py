"""Large databases that are made once and kept in `BENCH_FOLDER`, where that is set: one of SQLite and one of PostgreSQL for each size."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func, select

from core.db import db
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import folder
from surveys.models import Survey
from tests import postgresql

COPY = "copy"


class Piles(NamedTuple):
    """Where they lie, and the server of those that are PostgreSQL's."""

    place: Path
    server: str


@contextmanager
def piles() -> Iterator[Piles]:
    with _place() as place:
        (place / "postgresql").mkdir(parents=True, exist_ok=True)
        with postgresql.server(place / "postgresql") as server:
            yield Piles(place, server)


@contextmanager
def _place() -> Iterator[Path]:
    if kept := os.environ.get("BENCH_FOLDER"):
        yield Path(kept)
    else:
        with folder() as made:
            yield Path(made)


def address(name: str, database: str, at: Piles) -> str:
    """The URL of the one with this name; it is made where it is not there yet."""
    if database == "sqlite":
        (at.place / name).mkdir(exist_ok=True)
        return f"sqlite:///{at.place / name}/scene.db"
    plain = name.replace("-", "_")
    try:
        postgresql.command(at.server, f"CREATE DATABASE {plain}")
    except Exception as there:
        if "already exists" not in str(there):
            raise
    return postgresql.url(at.server, plain)


@contextmanager
def copied(name: str, database: str, at: Piles) -> Iterator[tuple[Path, dict[str, str]]]:
    """A copy of the one with this name, which is kept as it was: the folder of an application, and where its database is."""
    data = at.place / COPY
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    try:
        if database == "sqlite":
            shutil.copyfile(at.place / name / "scene.db", data / "scene.db")
            yield data, {}
        else:
            postgresql.command(at.server, f"DROP DATABASE IF EXISTS {COPY}")
            plain = name.replace("-", "_")
            postgresql.command(at.server, f"CREATE DATABASE {COPY} TEMPLATE {plain} STRATEGY file_copy")
            yield data, {"database_url": postgresql.url(at.server, COPY)}
            postgresql.command(at.server, f"DROP DATABASE {COPY}")
    finally:
        shutil.rmtree(data)


def fill(url: str, data: Path, make: Callable[[Survey], object]) -> None:
    """Make it, unless it was made already; `data` is for what an application writes besides its database."""
    with application(str(data), database_url=url):
        if not db.session.scalar(select(func.count()).select_from(Survey)):
            make(open_one())
