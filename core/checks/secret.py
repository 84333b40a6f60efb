"""The key that signs links and sessions: nobody else may read it."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _

from core.findings import Finding, attention, broken, ok
from core.settings import settings


def key(_now: datetime) -> Iterator[Finding]:
    """An open file keeps the product from starting; a folder in which others may write lets them put another one there."""
    name = _("Secret key")
    named = os.environ.get("SECRET_KEY_FILE", "")
    if settings().secret_key and not named:
        yield ok(name, _("It is set as SECRET_KEY."))
        return
    file = Path(named) if named else settings().folder / "secret_key"
    if not file.exists():
        yield broken(
            name,
            _("%(file)s is not there.", file=file),
            _("Put it back from your backup: without it no link in a mail works."),
        )
    elif file.stat().st_mode & 0o077:
        yield broken(name, _("Others can read %(file)s.", file=file), _("Run: chmod 600 %(file)s", file=file))
    elif file.parent.stat().st_mode & 0o022:
        yield attention(
            name,
            _("Others can write in %(folder)s.", folder=file.parent),
            _("Run: chmod go-w %(folder)s", folder=file.parent),
        )
    else:
        yield ok(name, _("Only this user can read %(file)s.", file=file))
