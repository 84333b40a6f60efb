"""What is said in chat: what happened, how often, and where to read it. No words of customers and no names: a chat is not inside the house."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, select

from core import clock
from core.db import db
from core.links import public_url
from core.models import Organisation
from core.voice import speaking
from followup.alerts.alerting import danger
from outbox.models_outlets import Outlet, OutletNotice
from outbox.models_pace import Breaker

ORDER = ("threat", "mail", "promise", "step", "detractor")
"""What is said first."""
MOST = 5
"""Answers that are linked; the others are counted."""


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str


def words_of(outlet: Outlet, notices: Sequence[OutletNotice], now: datetime) -> Words | None:
    """In the organisation's language; None when there is nothing to say."""
    here = outlet.organisation
    with speaking(here.language, here):
        parts = [part for kind in ORDER if (part := _part(here, kind, _ids(notices, kind), now))]
    if not parts:
        return None
    title = f"{here.name}: {parts[0][0]}"
    return Words(title, "\n\n".join("\n".join(_lines(part, first=part is parts[0])) for part in parts))


def _ids(notices: Sequence[OutletNotice], kind: str) -> list[int]:
    return [n.subject_id for n in notices if n.kind == kind]


def _lines(part: tuple[str, list[str]], *, first: bool) -> Iterator[str]:
    """The first sentence stands in the title."""
    sentence, links = part
    yield from [] if first else [sentence]
    yield from links


def _part(here: Organisation, kind: str, ids: list[int], now: datetime) -> tuple[str, list[str]] | None:
    """(sentence, links); None where it is over meanwhile."""
    count = _still(here, now) if ids and kind == "promise" else len(ids)
    if not count:
        return None
    return _sentence(kind, count), _links(kind, ids)


def _still(here: Organisation, now: datetime) -> int:
    return danger(here, clock.local_date(now, here.timezone), now).due


def _sentence(kind: str, count: int) -> str:
    if kind == "threat":
        return ngettext("Read %(num)d answer now: somebody may be in danger", "Read %(num)d answers now: somebody may be in danger", count)  # fmt: skip
    if kind == "detractor":
        return ngettext("%(num)d person is dissatisfied", "%(num)d people are dissatisfied", count)
    if kind == "promise":
        return ngettext("%(num)d promise falls due soon and is not settled", "%(num)d promises fall due soon and are not settled", count)  # fmt: skip
    if kind == "step":
        return ngettext("%(num)d step waits for a manager", "%(num)d steps wait for a manager", count)
    return _mail()


def _mail() -> str:
    stopped = db.session.scalar(select(exists().where(Breaker.closed_at.is_(None))))
    return _("Mail does not go out: the mail server refuses it") if stopped else _("The mail server refused some mail; what can go out goes out")  # fmt: skip


def _links(kind: str, ids: list[int]) -> list[str]:
    if kind in {"threat", "detractor"}:
        more = len(ids) - MOST
        links = [public_url(f"/responses/{id}") for id in ids[:MOST]]
        return [*links, ngettext("And %(num)d more.", "And %(num)d more.", more)] if more > 0 else links
    pages = {"promise": "/promises", "step": "/large-steps", "mail": "/mailbox"}
    return [public_url(pages[kind])]
