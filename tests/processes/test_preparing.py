"""What script/server does before it serves: the demo where nobody else works, and a way in for somebody."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from core import schema
from core.application import bare_app
from core.db import db, writing
from core.models import Organisation
from core.settings import Settings
from demo import load
from script import preparing
from tests.cast import Cast


@pytest.fixture
def bare(settings: Settings) -> Iterator[Flask]:
    """An application over an installation without an organisation."""
    app = bare_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def loads(bare: Flask, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moments at which the demo was loaded, by a stand-in that takes no time."""
    kept: list[datetime] = []
    monkeypatch.setattr(load, "load_demo", lambda _tell, now: kept.append(now))
    return kept


def found(now: datetime, demo: bool) -> None:
    with writing():
        db.session.add(Organisation(slug="webshop", name="Webshop", demo=demo, created_at=now))


def complete(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    found(now, demo=True)
    monkeypatch.setattr(load, "is_loaded", lambda: True)


def test_an_empty_installation_gets_the_demo(settings: Settings, loads: list[datetime]) -> None:
    preparing._load_demo(settings)
    assert len(loads) == 1


def test_a_demo_that_was_cut_short_is_loaded_again(
    settings: Settings, loads: list[datetime], now: datetime
) -> None:
    found(now, demo=True)
    preparing._load_demo(settings)
    assert len(loads) == 1


def test_the_demo_is_loaded_once(
    settings: Settings, loads: list[datetime], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete(now, monkeypatch)
    preparing._load_demo(settings)
    assert loads == []


def test_the_demo_stays_away_from_people_who_work_here(
    settings: Settings, loads: list[datetime], now: datetime
) -> None:
    found(now, demo=False)
    preparing._load_demo(settings)
    assert loads == []


def test_without_an_organisation_a_first_person_can_be_made(bare: Flask) -> None:
    assert preparing._ways_in() == {"hint": preparing.NOBODY}


def test_without_the_demo_nobody_gets_a_link(people: Cast) -> None:
    assert preparing._ways_in() == {}


def test_with_the_demo_there_are_fresh_links(
    bare: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "sign_in_links", lambda _now: {"manager": "one", "agent": "two"})
    complete(now, monkeypatch)
    assert preparing._ways_in() == {"manager": "one", "agent": "two"}


def test_an_upgrade_says_where_its_backup_is(
    bare: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schema, "state", lambda: "older")
    monkeypatch.setattr(schema, "upgrade", lambda: tmp_path / "kept.backup")
    preparing._bring_up_to_date()
    said = capsys.readouterr().err
    assert said == f"The database was brought up to date. Its backup of before: {tmp_path / 'kept.backup'}\n"
