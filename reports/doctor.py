"""`flask doctor`: everything that is looked at, in one list."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from core.checks import database, disk, secret, ticking
from core.findings import Check, Finding
from outbox.checks.all import mail
from reports.checks import drawing

CHECKS: tuple[Check, ...] = (
    database.version,
    database.soundness,
    database.log,
    ticking.ticks,
    ticking.time,
    secret.key,
    disk.space,
    mail,
    drawing.pango,
    drawing.typefaces,
)


def examine(now: datetime) -> Iterator[Finding]:
    """One after the other, as each is known."""
    for check in CHECKS:
        yield from check(now)


def said(finding: Finding) -> str:
    """As the terminal shows it: how it is, and below it what to do."""
    state = {
        "ok": _("fine"), "attention": _("look at this"), "broken": _("broken"), "unknown": _("not known"),
    }[finding.state]  # fmt: skip
    told = f"{state}: {finding.words}" if finding.state == "unknown" else f"{finding.words} [{state}]"
    return f"{finding.name}: {told}" + (f"\n    → {finding.remedy}" if finding.remedy else "")
