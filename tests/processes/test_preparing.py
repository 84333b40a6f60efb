"""What script/server does before it serves: the demo comes whole or not at all, and somebody can always get in."""

from collections.abc import Callable, Iterator
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

Tell = Callable[[str], None]


@pytest.fixture
def bare(settings: Settings) -> Iterator[Flask]:
    """An application over an installation without an organisation."""
    app = bare_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def found(_tell: Tell, now: datetime) -> None:
    with writing():
        db.session.add(Organisation(slug="webshop", name="Webshop", demo=True, created_at=now))


def break_off(tell: Tell, now: datetime) -> None:
    found(tell, now)
    raise KeyboardInterrupt


def test_an_interrupted_demo_leaves_nothing_and_the_next_start_loads_it(
    bare: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "load_demo", break_off)
    with pytest.raises(KeyboardInterrupt):
        preparing._load_demo(settings)
    assert not preparing._is_there()
    monkeypatch.setattr(load, "load_demo", found)
    preparing._load_demo(settings)
    assert preparing._is_there(demo=True)
    assert [file.name for file in tmp_path.glob("*loading*")] == []


def test_the_demo_is_synced_before_it_takes_its_place(
    bare: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(load, "load_demo", found)
    monkeypatch.setattr("os.fsync", lambda file: seen.append(file.name))
    preparing._load_demo(settings)
    assert [Path(name).name for name in seen] == ["terugkoppel.db.loading"]
    assert db.session.connection().exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL again


def test_without_an_organisation_a_first_person_can_be_made(bare: Flask) -> None:
    assert preparing._ways_in() == {"hint": preparing.NOBODY}


def test_without_the_demo_nobody_gets_a_link(people: Cast) -> None:
    assert preparing._ways_in() == {}


def test_with_the_demo_there_are_fresh_links(
    bare: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "sign_in_links", lambda _now: {"manager": "one", "agent": "two"})
    found(print, now)
    assert preparing._ways_in() == {"manager": "one", "agent": "two"}


def test_an_upgrade_says_where_its_backup_is(
    bare: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(schema, "state", lambda: "older")
    monkeypatch.setattr(schema, "upgrade", lambda: tmp_path / "kept.backup")
    preparing._bring_up_to_date()
    said = capsys.readouterr().err
    assert said == f"The database was brought up to date. Its backup of before: {tmp_path / 'kept.backup'}\n"
