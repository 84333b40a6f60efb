"""What must be so before the parts start: settings, port, schema, demo. Prints `name value` lines for script.serve."""

import os
import socket
import sys

from flask import Flask
from sqlalchemy.exc import OperationalError

from core import schema
from core.application import bare_app
from core.errors import DomainError, SettingsError
from core.settings import Settings, load_settings
from script import lifeline

BAD_SETTING = 2


def main() -> int:
    lifeline.hold(os.getppid())
    try:
        _prepare(load_settings())
    except SettingsError as bad:
        return _fail(str(bad), BAD_SETTING)
    except (DomainError, OSError) as wrong:
        return _fail(str(wrong), 1)
    except OperationalError as wrong:
        return _fail(f"The database cannot be used: {wrong.orig}", 1)
    return 0


def _fail(sentence: str, code: int) -> int:
    print(f"Error: {sentence}", file=sys.stderr, flush=True)
    return code


def _prepare(settings: Settings) -> None:
    _refuse_taken(settings.port)
    app = bare_app(settings)
    with app.app_context():
        _bring_up_to_date()
        _say("port", settings.port)
        _say("processes", settings.web_processes)
        _say("address", settings.address)
        _demo(app)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            free = port + 1 if port < 65535 else 8000
            raise DomainError(
                f"Port {port} cannot be used ({error.strerror}). Take another: PORT={free} script/server"
            ) from None


def _bring_up_to_date() -> None:
    before = schema.state()
    kept = schema.upgrade()
    if before == "older":
        _progress(f"The database was brought up to date{f'; its backup is {kept}' if kept else ''}.")


def _demo(app: Flask) -> None:
    """The demo is loaded into an installation without an organisation, unless DEMO=0 says otherwise."""


def _progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say(name: str, value: object) -> None:
    print(name, value, flush=True)


if __name__ == "__main__":
    sys.exit(main())
