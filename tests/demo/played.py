"""The demo as it lies on a disk after loading, and what is said of it. Also a program: it loads one and prints what it finds."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import create_app
from core.db import db
from core.models import Organisation
from core.settings import Settings
from demo.load import load_demo
from promises.ledger import Scope, ledger
from reports.figures import Figures, frozen
from reports.making import gather
from reports.period import period
from surveys.models import Survey

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""A Monday morning."""
TODAY = date(2026, 11, 23)
YEAR = date(2025, 11, 1), date(2026, 10, 31)
"""The twelve months that are full."""
SECRET = "a key for the demo's tests that is long enough"


@dataclass(frozen=True, slots=True)
class Played:
    """Where it lies, and what was said while it was loaded."""

    file: Path
    lines: tuple[str, ...]


def application(file: Path) -> Flask:
    return create_app(
        Settings(database_url=f"sqlite:///{file}", data_dir=file.parent, secret_key=SECRET, log_level="ERROR")
    )


def load(file: Path, now: datetime) -> Played:
    lines: list[str] = []
    app = application(file)
    with app.app_context():
        load_demo(lines.append, now)
        db.session.remove()
        db.engine.dispose()
    return Played(file, tuple(lines))


def year(slug: str, language: str = "nl") -> Figures:
    """What a report says of the twelve full months."""
    survey = db.session.scalars(select(Survey).where(Survey.slug == slug)).one()
    return gather(period(survey, *YEAR, NOW), language)


def everything() -> dict[str, Any]:
    """The ledger of each organisation, and the figures of each survey."""
    ledgers = {o.slug: str(ledger(Scope(o.id))) for o in db.session.scalars(select(Organisation))}
    surveys = [s.slug for s in db.session.scalars(select(Survey).order_by(Survey.id))]
    return {"ledgers": ledgers, "figures": {slug: frozen(year(slug)) for slug in surveys}}


def main(file: Path, now: datetime) -> None:
    load(file, now)
    with application(file).app_context():
        json.dump(everything(), sys.stdout, sort_keys=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
