"""What must be so before pages are served: settings, port, schema, demo. Each failure is one line with its remedy."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app import create_app
from core import clock, schema
from core.db import db, writing
from core.errors import DomainError, SettingsError
from core.models import Organisation
from core.settings import Settings, load_settings

BAD_SETTING, FAILED = 2, 1
NOBODY = "Nobody works here yet. Make an organisation: .venv/bin/flask organisation create SLUG --name NAME --manager 'NAME <MAIL>'"


@dataclass(frozen=True, slots=True)
class Ready:
    """`facts` are words for script.serve: port, processes, address, and the demo's sign-in links by role."""

    app: Flask
    facts: dict[str, str]


def prepare() -> Ready | int:
    """Everything is ready, or the exit code of what was said to be wrong."""
    try:
        return _prepare(load_settings())
    except SettingsError as bad:
        return _fail(bad.sentence, BAD_SETTING)
    except DomainError as wrong:
        return _fail(wrong.sentence, FAILED)
    except OperationalError as wrong:
        return _fail(f"The database cannot be used: {str(wrong.orig).strip()}. Look at DATABASE_URL.", FAILED)
    except OSError as wrong:
        return _fail(
            f"{wrong.strerror}: {wrong.filename}. Let this user write there, or set DATA_DIR.", FAILED
        )


def _fail(sentence: str, code: int) -> int:
    _tell(f"Error: {sentence}")
    return code


def _prepare(settings: Settings) -> Ready:
    _refuse_taken(settings.port)
    app = create_app(settings)
    with app.app_context():
        _bring_up_to_date()
        _load_demo_once()
        facts = _where(settings) | _ways_in()
        db.session.remove()
        db.engine.dispose()  # the worker that is forked from here opens its own
    return Ready(app, facts)


def _where(settings: Settings) -> dict[str, str]:
    return {"port": str(settings.port), "processes": str(settings.web_processes), "address": settings.address}


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if 1024 <= port < 65535 else 8000
            raise DomainError(
                f"Port {port} cannot be used ({error.strerror}). Take another: PORT={other} script/server"
            ) from None


def _bring_up_to_date() -> None:
    before = schema.state()
    kept = schema.upgrade()
    if before == "older":
        _tell(f"The database was brought up to date.{f' Its backup of before: {kept}' if kept else ''}")


def _load_demo_once() -> None:
    if os.environ.get("DEMO") == "0" or _inhabited():
        return
    db.session.rollback()
    child = [sys.executable, "-m", "script.parts", "demo", str(os.getpid())]
    if subprocess.run(child, check=False).returncode != 0:
        raise DomainError("The demo could not be loaded. Start without it: DEMO=0 script/server")


def _inhabited() -> bool:
    return db.session.scalar(select(Organisation.id).limit(1)) is not None


def load_demo(app: Flask) -> int:
    from demo import load

    with app.app_context():
        load.load_demo(_tell, clock.now())
    return 0


def _ways_in() -> dict[str, str]:
    """Fresh one-time links for the demo's people; without the demo, how to make a first person."""
    if not _inhabited():
        return {"hint": NOBODY}
    from demo import load

    if not load.is_loaded():
        return {}
    with writing():
        return dict(load.sign_in_links(clock.now()))


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
