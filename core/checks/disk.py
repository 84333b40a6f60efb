"""Room for what an installation writes."""

import shutil
from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from core.findings import Finding, attention, broken, ok, unknown
from core.settings import settings

MB = 1 << 20
LITTLE, NONE = 1024 * MB, 100 * MB


def space(_now: datetime) -> Iterator[Finding]:
    name = _("Disk space")
    folder = settings().folder
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield unknown(name, str(error.strerror))
        return
    words = _("%(n)s MB free in %(folder)s.", n=free // MB, folder=folder)
    remedy = _(
        "Make room there: older backups and logs first. When it is full nothing is saved any more, and nothing is lost."
    )
    yield (
        broken(name, words, remedy)
        if free < NONE
        else attention(name, words, remedy)
        if free < LITTLE
        else ok(name, words)
    )
