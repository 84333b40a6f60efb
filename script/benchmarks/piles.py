"""Large databases that are made once and kept in `BENCH_FOLDER`, where that is set: one of SQLite and one of PostgreSQL for each size."""

import os
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


def fill(url: str, data: Path, make: Callable[[Survey], object]) -> None:
    """Make it, unless it was made already; `data` is for what an application writes besides its database."""
    with application(str(data), database_url=url):
        if not db.session.scalar(select(func.count()).select_from(Survey)):
            make(open_one())
