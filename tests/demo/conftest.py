"""One year, played once for all tests of this folder; a second time, at another hour, by another process."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from core.settings import ROOT
from demo.days import Days
from demo.reading import Script, script
from demo.stage import Stage
from tests.applications import pushed
from tests.demo.played import NOW, TODAY, Played, application, load
from tests.sisters import common, made_once

LATER = NOW + timedelta(hours=9)


@pytest.fixture(scope="session")
def played(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Played by one of the processes of this run, and copied by the others, since what a test changes stays there."""
    made = made_once(common(tmp_path_factory) / "demo", partial(_play, sqlite_template))
    own = tmp_path_factory.mktemp("demo") / "own"
    shutil.copytree(made, own)
    return Played(own / "demo.db", tuple(json.loads((own / "lines.json").read_text())))


def _play(template: Path, folder: Path) -> None:
    """Nobody has it open any more: it is one file, without a log beside it."""
    file = Path(shutil.copy(template, folder / "demo.db"))
    (folder / "lines.json").write_text(json.dumps(load(file, NOW).lines))


@pytest.fixture(scope="session")
def found_by_twin(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What another process finds, which loads the demo on the same day."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("twin") / "demo.db")
    command = [sys.executable, "-m", "tests.demo.played", str(file), LATER.isoformat()]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=600).stdout
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.fixture(scope="session")
def shared_app(played: Played) -> Flask:
    return application(played.file)


@pytest.fixture
def demo(shared_app: Flask) -> Iterator[Flask]:
    """The demo, to be read: what a test changes is there for the next one."""
    with pushed(shared_app) as app:
        yield app


@pytest.fixture
def own_demo(played: Played, tmp_path: Path) -> Iterator[Flask]:
    """A copy of the demo, to be changed."""
    for name in (played.file.name, f"{played.file.name}-wal"):
        if (source := played.file.with_name(name)).exists():
            shutil.copy(source, tmp_path / name)
    with pushed(application(tmp_path / played.file.name)) as app:
        yield app


@pytest.fixture
def text() -> Script:
    return script()


@pytest.fixture
def stage(text: Script) -> Stage:
    """An empty stage on the day of the demo."""
    return Stage(text, Days(TODAY))
