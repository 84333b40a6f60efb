"""What all tests share: the application on a database of its own, the time, the cast, a mail server, and the rules."""

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from app import create_app
from core import garbage, schema
from core.application import bare_app
from core.db import db, writing
from core.settings import Settings
from tests import costs, dovecot, postgresql, staying
from tests.applications import chosen, lent, pushed
from tests.browser import FreshClient
from tests.cast import Cast, make_cast
from tests.compiled import COMPILED
from tests.emptied import Emptied
from tests.emptied_file import EmptiedFile
from tests.sink import Sink, SinkServer
from tests.sisters import common, made_once

SECRET = "a key for tests that is long enough to be one"
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile(
    "any machine"
)  # how long a test may take depends on what else is done beside it


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Each process of `-n` keeps to neighbouring tests: what a folder or a file sets up is set up once."""
    if getattr(config.option, "numprocesses", None) and config.option.dist == "no":
        config.option.dist = "worksteal"


def pytest_collection_finish() -> None:
    """A quarter of the time of the tests went into looking for garbage among what imports leave."""
    garbage.settle()


def pytest_addoption(parser: pytest.Parser) -> None:
    costs.pytest_addoption(parser)


def pytest_configure(config: pytest.Config) -> None:
    costs.pytest_configure(config)
    config.addinivalue_line("markers", "both_databases: run on SQLite and on PostgreSQL")
    config.addinivalue_line(
        "markers", "security(name): a regression test of a class in security_classes.toml"
    )
    config.addinivalue_line("markers", "settings(**values): settings of this test's application")
    staying.stay()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _templates_of_a_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        COMPILED.folder = common(tmp_path_factory) / "templates"
        COMPILED.folder.mkdir(exist_ok=True)


@pytest.fixture
def no_garbage() -> Iterator[None]:
    """For what is measured: the collector takes its turn in whoever works just then, through what all tests before left."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest schema, copied for each test."""
    folder = made_once(common(tmp_path_factory) / "template", _make_template)
    return folder / "template.db"


def _make_template(folder: Path) -> None:
    _migrate(f"sqlite:///{folder / 'template.db'}")


@pytest.fixture(scope="session")
def sqlite_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmptiedFile]:
    emptied = EmptiedFile(sqlite_template, tmp_path_factory.mktemp("of_a_test") / "terugkoppel.db")
    yield emptied
    emptied.close()


@pytest.fixture(scope="session")
def postgresql_folder() -> Iterator[str]:
    """A server with a database named `template` at the newest schema."""
    with postgresql.server() as folder:
        postgresql.command(folder, "CREATE DATABASE template")
        _migrate(postgresql.url(folder, "template"))
        yield folder


@pytest.fixture(scope="session")
def postgresql_database(postgresql_folder: str) -> Emptied:
    return Emptied(postgresql_folder)


def _migrate(url: str) -> None:
    app = bare_app(Settings(database_url=url, secret_key=SECRET))
    with app.app_context():
        schema.require_current()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database at the newest schema, of this test alone; always at the same place, where applications know it."""
    if getattr(request, "param", "sqlite") == "sqlite":
        file: EmptiedFile = request.getfixturevalue("sqlite_database")
        yield file.taken(request.session.testsfailed)
        return
    emptied: Emptied = request.getfixturevalue("postgresql_database")
    yield emptied.taken()
    emptied.back()


@pytest.fixture
def settings(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Settings:
    """The test's settings, changed by `@pytest.mark.settings(…)`; SMTP only where the test asks for `smtp_server`."""
    smtp = (
        {"smtp_url": request.getfixturevalue("smtp_server").url}
        if "smtp_server" in request.fixturenames
        else {}
    )
    if "imap_server" in request.fixturenames:
        smtp["imap_url"] = request.getfixturevalue("imap_server").url
    changed = {
        k: v for m in reversed(list(request.node.iter_markers("settings"))) for k, v in m.kwargs.items()
    }
    return chosen({"database_url": database_url, "secret_key": SECRET, **smtp, **changed}, tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application, with its context pushed: `db.session`, `settings()` and `url_for` work."""
    with lent(create_app, settings) as app:
        yield app


@pytest.fixture
def app_of_its_own(settings: Settings) -> Iterator[Flask]:
    """One that has not answered yet, for tests that add routes to it."""
    with pushed(create_app(settings)) as app:
        yield app


@pytest.fixture(scope="session")
def wordy_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Words but no rows and no pages: made once, for tests that only need sentences."""
    folder: Path = tmp_path_factory.mktemp("words")
    return bare_app(
        Settings(
            database_url=f"sqlite:///{folder / 'none.db'}",
            data_dir=folder,
            secret_key="long enough to be one, really",
        )
    )


@pytest.fixture
def english(wordy_app: Flask) -> Iterator[None]:
    with wordy_app.app_context(), force_locale("en"):
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = FreshClient
    return app.test_client()


@pytest.fixture
def now() -> datetime:
    """A Monday morning: 23 November 2026, 10:30 in Amsterdam."""
    return datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def people(app: Flask, now: datetime) -> Cast:
    """Alice, Bob, Charlie, Rita and their organisations, committed."""
    with writing():
        return make_cast(now)


@pytest.fixture
def smtp_server() -> Iterator[Sink]:
    """A mail server on a socket. A test that asks for it has an application that sends to it."""
    kept = Sink()
    server = SinkServer(kept)
    server.start()
    yield kept
    server.stop()


@pytest.fixture(scope="session")
def _imap() -> Iterator[dovecot.Mailbox]:
    with dovecot.mailbox() as found:
        yield found


@pytest.fixture
def imap_server(_imap: dovecot.Mailbox) -> dovecot.Mailbox:
    """A mailbox on a real IMAP server, empty. A test that asks for it has an application that reads it."""
    _imap.empty()
    return _imap
