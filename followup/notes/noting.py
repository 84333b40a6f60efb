"""What colleagues write to each other about a comment, and whom they mention in it. Nothing of it is read outside."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import selectinload

from accounts.letters import Letter, letter, tell
from accounts.models import Staff
from core import audit
from core.access import access, own
from core.db import db
from core.errors import Conflict, DomainError
from core.links import public_url
from core.rows import some
from core.text import as_typed, search_key
from surveys.models import Survey
from surveys.models_responses import Response
from triage.joining import members
from triage.models import Comment
from triage.models_notes import Mention, Note

NOTED = 4000
"""Characters of a note."""
MOST = 50
"""Notes that mention somebody and are listed above the inbox."""


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a text mentions, and what stands behind an @ in it that nobody here is called."""

    staff: tuple[Staff, ...]
    unknown: tuple[str, ...] = ()


def named(text: str, colleagues: Iterable[Staff]) -> Named:
    """`@Name` or `@` and the part of an address before its @, whatever their case; who has the same name is meant too."""
    keys = [(key, s) for s in colleagues for key in (search_key(s.name), search_key(s.email).split("@")[0])]
    found: dict[int, Staff] = {}
    unknown: list[str] = []
    for rest in _after_each_mark(text):
        said = search_key(rest)
        longest = max((key for key, _staff in keys if _begins(said, key)), key=len, default="")
        found |= {s.id: s for key, s in keys if key == longest}
        unknown += [] if longest else rest.split()[:1]
    return Named(tuple(found.values()), tuple(dict.fromkeys(word[:40] for word in unknown)))


def _after_each_mark(text: str) -> list[str]:
    """What follows each @ that stands before a word, and in no address."""
    places = (i for i, c in enumerate(text) if c == "@" and text[i + 1 : i + 2].isalnum())
    return [text[i + 1 : i + 201] for i in places if not text[i - 1 : i].isalnum()]


def _begins(said: str, key: str) -> bool:
    return bool(key) and said.startswith(key) and not said[len(key) : len(key) + 1].isalnum()


def note(comment: Comment, text: str, author: Staff | None, staff: Collection[Staff], now: datetime) -> Note:
    """Written down, and everyone in `staff` mailed once; the author need not be told, and has read what stood here."""
    words = as_typed(text, NOTED).strip()
    if not words:
        raise DomainError(_("Write the note first."))
    made = Note(
        organisation_id=comment.organisation_id, comment=comment, author_id=author.id if author else None, by=author.name if author else audit.actor(),
        text=words, written_at=now,
    )  # fmt: skip
    db.session.add(made)
    audit.record("comment.noted", comment, now)
    others = [s for s in dict.fromkeys(staff) if s is not author]
    made.mentions = [Mention(staff_id=s.id) for s in others]
    db.session.flush()
    for each in others:
        tell(mentioned(made, each, now), each, now)
    if author:
        read(comment, author.id, now)
    return made


def mentioned(made: Note, staff: Staff, now: datetime) -> Letter:
    """Who mentions them and where: of the note, and of the customer, nothing else."""
    survey = made.comment.response.survey
    return letter(
        "note", survey.organisation, staff.name, staff.language, now, who=made.by, survey=survey.title,
        link=public_url(f"/comments/{made.comment_id}#notes"),
    )  # fmt: skip


def take_away(made: Note, staff_id: int | None, now: datetime) -> None:
    """By its author: the words are gone, the line stays. DomainError for anybody else's."""
    if made.taken_away_at:
        raise Conflict(_("This note was taken away already."))
    if staff_id is None or made.author_id != staff_id:
        raise DomainError(_("Only who wrote a note can take it away."))
    made.text, made.taken_away_at = "", now
    audit.record("comment.note_taken_away", made.comment, now)


def read(comment: Comment, staff_id: int, now: datetime) -> int:
    """Whoever was mentioned in notes about this comment has read them; returns how many."""
    mine = Mention.staff_id == staff_id, Mention.read_at.is_(None), Note.comment_id == comment.id
    found = list(db.session.scalars(select(Mention).join(Note, Note.id == Mention.note_id).where(*mine)))
    for each in found:
        each.read_at = now
    return len(found)


def notes_on(comment: Comment) -> Sequence[Note]:
    """Oldest first, as a conversation."""
    named_in = selectinload(Note.mentions).joinedload(Mention.staff)
    return db.session.scalars(
        own(Note)
        .where(Note.comment_id.in_(c.id for c in members(comment)))
        .options(named_in)
        .order_by(Note.id)
    ).all()


def unread_by(note: Note, staff_id: int | None) -> bool:
    """It mentions them, they have not said that they read it, and there is something to read."""
    if note.taken_away_at or staff_id is None:
        return False
    return any(m.staff_id == staff_id and not m.read_at for m in note.mentions)


def unread(staff_id: int | None) -> Sequence[Row[Any]]:
    """Notes that mention somebody and that they have not read, newest first."""
    return some(_UNREAD, organisation_id=access().organisation_id, staff_id=staff_id) if staff_id else ()


_UNREAD = (
    select(Note.comment_id, Note.by, Note.written_at, Survey.title.label("survey"))
    .join(Mention, Mention.note_id == Note.id)
    .join(Comment, Comment.id == Note.comment_id)
    .join(Response, Response.id == Comment.response_id)
    .join(Survey, Survey.id == Response.survey_id)
    .where(Note.organisation_id == bindparam("organisation_id"), Mention.staff_id == bindparam("staff_id"))
    .where(Mention.read_at.is_(None), Note.taken_away_at.is_(None))
    .order_by(Note.id.desc())
    .limit(MOST)
)
"""Put together once: the inbox asks it on each of its pages."""
