"""What the machine plays with: a house with people in it, its clock, its mail server, and what we know to be true of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import delete, select

from core import backup, clock, schema
from core.db import Base, db, writing
from core.settings import settings
from followup.models import LargeStep, Told
from followup.steps.large_steps import waiting
from outbox.addresses import recipient_key
from outbox.models import MailHold, Message, Suppression
from promises.models import Promise
from surveys.models import Round, Survey
from tests.cast import make_cast
from tests.loop import opened_survey
from tests.machine.crashes import Fuse
from tests.sink import Sink
from triage.models import Tag

ADDRESSES = ("rita@example.com", "sam@example.com", "tess@example.org", "ulla@example.org")
THERE = {
    "held": select(Tag.id).where(Tag.told_at.is_(None), Tag.withdrawn_at.is_(None)),
    "told": select(Told.id),
    "open": select(Promise.id).where(Promise.is_open),
    "doubt": select(Message.id).where(Message.state == "unknown"),
    "left": select(Message.id).where(Message.owner.is_not(None)),
    "digest": select(Round.id).where(Round.approved_at.is_(None)),
    "step": select(LargeStep.id).where(waiting()),
    "hold": select(MailHold.id).where(MailHold.released_at.is_(None)),
}
"""name → rows that some steps need"""
CLOSING = {"en": "Nobody could look at this in time.", "nl": "Niemand kon hier op tijd naar kijken."}
_numbers = count(1)


@dataclass
class Known:
    """The truth as somebody beside the database knows it, since the house was built or restored."""

    answered: int = 0
    blocked: dict[str, int] = field(default_factory=dict)
    """address → how many mails had arrived when it was blocked"""
    again: Counter[str] = field(default_factory=Counter)
    """message key → how often a person said: send it again"""
    vouched: set[str] = field(default_factory=set)
    """keys of messages that a person, or their reader, said had arrived"""
    keys: set[str] = field(default_factory=set)
    """of every message there ever was"""
    carried: dict[tuple[int, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """(promise, receipt or ending) → keys of the messages that ever carried it"""
    doubts: int = 0
    """Crashes and lost connections: each may leave one message of which nobody knows whether it arrived."""


class House:
    """Built anew for each story."""

    def __init__(self, sink: Sink, folder: Path) -> None:
        self.sink, self.folder = sink, folder
        self.fuse = Fuse(db.engine)
        self.now = clock.now()
        self.known = Known()
        self.kept: tuple[Path, Known] | None = None
        self.there: frozenset[str] = frozenset()

    def build(self, now: datetime) -> None:
        db.session.remove()
        self.now, self.known, self.kept = now, Known(), None
        self.sink.mails.clear()
        self.sink.queued.clear()
        with writing():
            for table in reversed(Base.metadata.sorted_tables):
                db.session.execute(delete(table))
            people = make_cast(now)
            survey = opened_survey(people, now - timedelta(days=2))
            survey.closing_days, survey.closing_words = 10, CLOSING
            self.survey_id = survey.id
            self.organisation_id, self.actor_id = people.webshop.id, people.bob.id

    @property
    def survey(self) -> Survey:
        return db.session.get_one(Survey, self.survey_id)

    def look_around(self) -> None:
        """What there is to act on: a step that would do nothing is not taken. Mail leaves in other threads: look anew."""
        db.session.rollback()
        self.there = frozenset(name for name, rows in THERE.items() if db.session.scalar(rows.limit(1)))

    @contextmanager
    def writing(self) -> Iterator[datetime]:
        with writing():
            yield self.now

    def blocked_in_rows(self) -> set[str]:
        """Addresses that the database says are blocked."""
        hashes = set(db.session.scalars(select(Suppression.address_hash)))
        return {address for address in ADDRESSES if recipient_key(address) in hashes}

    @property
    def can_restore(self) -> bool:
        return settings().sqlite

    def back_up(self) -> None:
        """PostgreSQL has tools of its own for this."""
        file = backup.save(self.folder / f"{next(_numbers)}.backup")
        self.kept = file, deepcopy(self.known)

    def restore(self) -> None:
        """As it was; what was sent since is in nobody's memory but the readers'."""
        assert self.kept
        (file, known), self.kept = self.kept, None
        db.session.remove()
        schema.restore(file)
        self.sink.mails.clear()
        blocked = dict.fromkeys(self.blocked_in_rows(), 0)
        self.known = Known(known.answered, blocked, vouched=set(known.keys), doubts=known.doubts)
