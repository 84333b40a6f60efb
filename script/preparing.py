"""What must be so before pages are served: settings, schema, demo. Each failure is one line with its remedy.

`python -m script.preparing PARENT` prints lines `name value` for script.serve: port, processes, address, and the
demo's sign-in links by role. It lives shortly, since what it imports would stay in the memory of a server.
"""

import os
import sys

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core import clock, schema
from core.application import bare_app
from core.db import db
from core.errors import DomainError, SettingsError
from core.models import Organisation
from core.settings import Settings, load_settings
from script import lifeline

BAD_SETTING, FAILED = 2, 1
NOBODY = "Nobody works here yet. Make an organisation: .venv/bin/flask organisation create SLUG --name NAME --manager 'NAME <MAIL>'"


def main(parent: str) -> int:
    lifeline.hold(int(parent))
    try:
        facts = _prepare(load_settings())
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
    sys.stdout.writelines(f"{name} {value}\n" for name, value in facts.items())
    return 0


def _fail(sentence: str, code: int) -> int:
    _tell(f"Error: {sentence}")
    return code


def _prepare(settings: Settings) -> dict[str, str]:
    with bare_app(settings).app_context():
        _bring_up_to_date()
        if os.environ.get("DEMO") != "0":
            _load_demo(settings)
        where = {"port": settings.port, "processes": settings.web_processes, "address": settings.address}
        return {name: str(value) for name, value in where.items()} | _ways_in()


def _bring_up_to_date() -> None:
    before = schema.state()
    kept = schema.upgrade()
    if before == "older":
        _tell(f"The database was brought up to date.{f' Its backup of before: {kept}' if kept else ''}")


def _load_demo(settings: Settings) -> None:
    """Where nobody works but the demo's own people, and it is not there from beginning to end."""
    from demo import load

    if _works_here(demo=False) or load.is_loaded():
        return
    from app import create_app

    with create_app(settings).app_context():
        load.load_demo(_tell, clock.now())
    db.session.rollback()  # what was read before is read again


def _ways_in() -> dict[str, str]:
    """Fresh one-time links for the demo's people; where nobody works yet, how to make a first person."""
    if not _works_here(demo=True):
        return {} if _works_here(demo=False) else {"hint": NOBODY}
    from demo import load

    return load.sign_in_links(clock.now()) if load.is_loaded() else {}


def _works_here(demo: bool) -> bool:
    return db.session.scalar(select(Organisation.id).where(Organisation.demo == demo).limit(1)) is not None


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
