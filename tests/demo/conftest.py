"""One year, played once for all tests of this folder; a second time, at another hour, by another process meanwhile."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
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

LATER = NOW + timedelta(hours=9)


@pytest.fixture(scope="session")
def twin(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """Another process that loads the demo on the same day, and prints what it finds."""
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("twin") / "demo.db")
    command = [sys.executable, "-m", "tests.demo.played", str(file), LATER.isoformat()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process


@pytest.fixture(scope="session")
def played(twin: object, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("demo") / "demo.db")
    return load(Path(file), NOW)


@pytest.fixture(scope="session")
def found_by_twin(twin: subprocess.Popen[str], played: Played) -> dict[str, Any]:
    said, _ = twin.communicate(timeout=240)
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
