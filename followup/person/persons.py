"""Everything between us and one person in one list, newest first, whichever of their addresses it went by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Integer, cast, func, literal, literal_column, null, select, tuple_, union_all
from sqlalchemy.orm import joinedload

from core.application import words
from core.db import Rows, db
from core.languages import in_language
from core.rows import among
from customers.models import Identity
from followup.models import Verdict
from followup.models_replies import Reply
from outbox.incoming.models import IncomingMessage
from outbox.models import Message
from promises.models import Promise, Update
from surveys.invitations.models import Invitation
from surveys.models import Question
from surveys.models_responses import Answer, Response
from triage.models import Action, Comment, Tag

PAGE = 50
KINDS = ("answer", "promise", "action", "message", "reply", "verdict", "question", "reminder")
Cursor = tuple[datetime, int, int]
"""(when, place in KINDS, number): where a page ended."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `kind` is one of KINDS; `row` what it is about."""

    at: datetime
    kind: str
    row: Any
    response_id: int | None
    """None: of a question that we sent, which leads to its own mail."""


@dataclass(frozen=True, slots=True)
class Listed:
    entries: list[Entry]
    next: Cursor | None


def timeline(customers: Sequence[int], before: Cursor | None) -> Listed:
    """A page of it; `before` where the one before ended."""
    mine = select(Response.id).where(Response.customer_id.in_(customers))
    every = union_all(*_facts(mine), *_asked(customers)).subquery()
    at, kind, number = every.c.at, every.c.kind, every.c.number
    query = select(at, kind, number, every.c.response_id)
    if before:
        query = query.where(
            tuple_(at, kind, number) < tuple_(literal(before[0], at.type), *map(literal, before[1:]))
        )
    found = db.session.execute(query.order_by(at.desc(), kind.desc(), number.desc()).limit(PAGE + 1)).all()
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Listed(_filled(found[:PAGE]), (last.at, last.kind, last.number) if last else None)


def _facts(mine: Any) -> Iterable[Rows]:
    """(when, place in KINDS, number, response) of everything: those of `mine`."""
    by_promise = select(Promise.id).where(Promise.response_id.in_(mine))
    yield _fact(0, Response.submitted_at, Response.id, Response.id).where(Response.id.in_(mine))
    yield _fact(1, Promise.opened_at, Promise.id, Promise.response_id).where(Promise.response_id.in_(mine))
    yield (
        _fact(2, Tag.tagged_at, Tag.id, Comment.response_id)
        .join(Comment, Comment.id == Tag.comment_id)
        .where(Comment.response_id.in_(mine), Tag.withdrawn_at.is_(None))
    )
    heard_at = func.coalesce(Message.sent_at, Update.composed_at)
    yield (
        _fact(3, heard_at, Update.id, Promise.response_id)
        .join(Promise, Promise.id == Update.promise_id)
        .outerjoin(Message, Message.id == Update.message_id)
        .where(Update.promise_id.in_(by_promise))
    )
    yield _fact(4, Reply.came_at, Reply.incoming_id, Reply.response_id).where(Reply.response_id.in_(mine))
    yield _fact(5, Verdict.created_at, Verdict.id, Verdict.response_id).where(Verdict.response_id.in_(mine))


def _asked(customers: Sequence[int]) -> Iterable[Rows]:
    """When we asked them something, and once more; of an anonymous survey too, which keeps no way to what they said."""
    theirs = select(Identity.id).where(Identity.customer_id.in_(customers))
    for place, at in ((6, Invitation.written_at), (7, Invitation.reminded_at)):
        mail = Invitation.message_id if place == 6 else Invitation.reminder_id
        nowhere = cast(null(), Integer).label("response_id")
        yield _fact(place, at, Invitation.id, nowhere).where(
            Invitation.identity_id.in_(theirs), at.is_not(None), mail.is_not(None)
        )


def _fact(kind: int, at: Any, number: Any, response_id: Any) -> Rows:
    place = cast(literal_column(str(kind)), Integer).label("kind")
    return select(at.label("at"), place, number.label("number"), response_id.label("response_id"))


_ROWS: tuple[Any, ...] = (
    select(Response).options(joinedload(Response.survey)),
    select(Promise).options(joinedload(Promise.who)),
    select(Tag).options(joinedload(Tag.action).load_only(Action.id, Action.title, Action.kind)),
    select(Update).options(joinedload(Update.message)),
    select(IncomingMessage),
    select(Verdict),
    select(Invitation).options(joinedload(Invitation.survey), joinedload(Invitation.message)),
    select(Invitation).options(joinedload(Invitation.survey), joinedload(Invitation.reminder)),
)


def _filled(found: Sequence[Any]) -> list[Entry]:
    held: dict[tuple[int, int], Any] = {}
    for place, query in enumerate(_ROWS):
        ids = [row.number for row in found if row.kind == place]
        model = query.column_descriptions[0]["entity"]
        for one in db.session.scalars(query.where(among(model.id, ids))) if ids else ():
            held[place, one.id] = one
    return [Entry(row.at, KINDS[row.kind], held[row.kind, row.number], row.response_id) for row in found]


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody said they want to hear: `channel` is mail, page or none; and to what they agreed."""

    channel: str
    language: str
    consents: list[tuple[str, datetime]]


def wishes(customers: Sequence[int], language: str) -> Wishes:
    """As they said last."""
    last = db.session.scalar(
        select(Response)
        .where(Response.customer_id.in_(customers))
        .order_by(Response.submitted_at.desc())
        .limit(1)
    )
    channel = "" if not last else "none" if last.declined_at else last.channel
    return Wishes(channel, last.language if last else language, _consents(customers))


def _consents(customers: Sequence[int]) -> list[tuple[str, datetime]]:
    """The words that somebody agreed to, and when: of each the last time."""
    query = (
        select(Question.prompt, Response.submitted_at, Response.language)
        .join(Answer, Answer.question_id == Question.id)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.customer_id.in_(customers), Question.kind == "consent", Answer.text == "yes")
        .order_by(Response.submitted_at)
    )
    said = {in_language(prompt, language): at for prompt, at, language in db.session.execute(query)}
    return list(said.items())


def titled(entry: Entry) -> str:
    """What happened, in a few words."""
    row = entry.row
    if entry.kind == "answer":
        return _("Answered “%(survey)s”", survey=words(row.survey.title, row.survey.language))
    if entry.kind == "promise":
        return _("A word was promised, by %(who)s", who=row.who.name)
    if entry.kind == "action":
        return row.action.title or "–"
    if entry.kind == "message":
        return row.message.subject if row.message and row.message.subject else _("Written on their own page")
    if entry.kind in {"question", "reminder"}:
        survey = words(row.survey.title, row.survey.language)
        asked, again = (
            _("Asked to answer “%(survey)s”", survey=survey),
            _("Asked once more: “%(survey)s”", survey=survey),
        )
        return asked if entry.kind == "question" else again
    return _("They wrote back") if entry.kind == "reply" else _("They said what they think of it")
