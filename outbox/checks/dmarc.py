"""DMARC (RFC 7489): what others do with mail in our name that is not ours."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from core.findings import Finding, attention, broken, ok, unknown
from core.settings import settings
from outbox.addresses import domain
from outbox.checks import names

NAME = "DMARC"


def dmarc(_now: datetime) -> Iterator[Finding]:
    """At the domain, else at the ones above it: a record there speaks for all below."""
    where = domain(settings().mail_from)
    try:
        found = next(filter(None, map(_record, _upward(where))), "")
    except names.NoAnswerError as why:
        yield unknown(NAME, str(why))
        return
    yield _judged(found, where)


def _upward(where: str) -> Iterator[str]:
    labels = where.split(".")
    yield from (".".join(labels[n:]) for n in range(max(1, len(labels) - 1)))


def _record(where: str) -> str:
    return next((t for t in names.texts(f"_dmarc.{where}") if t.lower().startswith("v=dmarc1")), "")


def _judged(record: str, where: str) -> Finding:
    said = dict(part.strip().lower().split("=", 1) for part in record.split(";") if "=" in part)
    policy = said.get("p", "").strip()
    if not record:
        return broken(
            NAME,
            _("%(domain)s has no DMARC record: large providers refuse mail without one.", domain=where),
            _("Add a TXT record at %(name)s: %(record)s", name=f"_dmarc.{where}", record=f"“v=DMARC1; p=quarantine; rua=mailto:postmaster@{where}”"),
        )  # fmt: skip
    if policy not in {"none", "quarantine", "reject"}:
        return broken(
            NAME,
            _("The record says no policy that counts: %(record)s", record=record),
            _("Let it say p=none, p=quarantine or p=reject."),
        )
    if policy == "none":
        return attention(
            NAME,
            _("It watches, and stops nobody who writes in your name (p=none)."),
            _("Make it p=quarantine once its reports show that all your own mail passes."),
        )
    return ok(
        NAME,
        _("Others know what to do with mail in your name that is not yours (p=%(policy)s).", policy=policy),
    )
