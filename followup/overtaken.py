"""Somebody else was quicker: whoever says something about a comment that changed under their hands is told, and chooses.

Their form comes back with all that they typed, and with who did what meanwhile. They say theirs as well, say it
instead (what can still be undone is), or leave it as it is. It is judged under the lock of the comments.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select

from core import audit
from core.access import own
from core.db import db
from core.errors import Conflict
from core.models import Event
from followup.desk import event_words
from triage import meanwhile
from triage.joining import tags_of_one
from triage.models import Action, Comment, Tag
from triage.tagging import undo

ALSO, INSTEAD = "also", "instead"


class Overtaken(Conflict):
    """Something was done meanwhile, and whoever asks has not said what is to become of theirs."""


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that somebody did meanwhile; `name` of whose comment it is."""

    by: str
    words: str
    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Stand:
    """What a form carries of the comments it is about: `seen` when it was opened, `shown` with what was done since."""

    seen: list[str]
    shown: list[str] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    undoable: bool = False
    chosen: str = ""


def opened(ids: Iterable[int]) -> Stand:
    """A page that is made now knows all there is."""
    return Stand(meanwhile.written(meanwhile.marks(ids)))


def returned(ids: Sequence[int], verbs: Sequence[str] = (), listed: Iterable[int] = ()) -> Stand:
    """A form that was sent and comes back: with what was done to `ids` since it was opened; `listed` stand on it too."""
    sent = _sent("seen")
    events = meanwhile.since(ids, sent, verbs)
    seen = {**meanwhile.marks(id for id in listed if id not in ids), **sent}
    shown = meanwhile.written(meanwhile.marks(seen)) if events else []
    return Stand(meanwhile.written(seen), shown, _done(events), _undoable(events), _choice())


def refuse(ids: Sequence[int], verbs: Sequence[str] = ()) -> None:
    """Overtaken when others did something since the form was opened, unless whoever asks saw just that and chose."""
    if not meanwhile.since(ids, _sent("seen"), verbs):
        return
    if not _choice() or meanwhile.since(ids, _sent("shown"), verbs):
        raise Overtaken(_("Somebody else did something with this meanwhile. Choose what becomes of yours."))


def put_aside(ids: Sequence[int], now: datetime) -> None:
    """Where theirs is said instead: undo what others chose meanwhile. Conflict when it was told since it was shown."""
    if _choice() == INSTEAD:
        theirs = _tags(meanwhile.since(ids, _sent("seen")))
        for tag in dict.fromkeys(t for one in theirs for t in tags_of_one(one)):
            undo(tag, now)


def also() -> bool:
    """They chose that what was done meanwhile holds too."""
    return _choice() == ALSO


def _choice() -> str:
    chosen = request.form.get("meanwhile", "")
    return chosen if chosen in {ALSO, INSTEAD} else ""


def _sent(name: str) -> dict[int, int]:
    return meanwhile.read(request.form.getlist(name))


def _undoable(events: Iterable[Event]) -> bool:
    """Something was chosen, and nobody was told of any of it."""
    tags = _tags(events)
    return bool(tags) and all(tag.told_at is None for tag in tags)


def _tags(events: Iterable[Event]) -> list[Tag]:
    """The tags that these lines of a history tell of, but for those that were undone since."""
    given = {(e.subject_id, e.detail.get("action_id")) for e in events if e.verb == "comment.tagged"}
    found = own(Tag).where(Tag.comment_id.in_({id for id, _action in given}), Tag.withdrawn_at.is_(None))
    return [t for t in db.session.scalars(found) if (t.comment_id, t.action_id) in given] if given else []


def _done(events: Sequence[Event]) -> list[Done]:
    titles = _titles(events)
    names = _names({e.subject_id for e in events})
    return [
        Done(_("by itself") if e.actor == audit.CLOCK else e.actor, _said(e, titles), e.at, names.get(e.subject_id, ""))
        for e in events
    ]  # fmt: skip


def _said(event: Event, titles: dict[int, str]) -> str:
    title = titles.get(event.detail.get("action_id", 0), "")
    if not title:
        return event_words(event)
    if event.verb == "comment.tagged":
        return _("The action “%(title)s” was chosen", title=title)
    return _("The action “%(title)s” was undone", title=title)


def _titles(events: Iterable[Event]) -> dict[int, str]:
    ids = {e.detail["action_id"] for e in events if "action_id" in e.detail}
    return {a.id: a.title for a in db.session.scalars(own(Action).where(Action.id.in_(ids)))} if ids else {}


def _names(ids: Iterable[int]) -> dict[int, str]:
    """Of whom each comment is, empty for somebody without a name."""
    found = db.session.scalars(select(Comment).where(Comment.id.in_(ids)))
    return {c.id: c.response.customer.name if c.response.customer else "" for c in found}
