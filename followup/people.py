"""How far the loop is with people: the four arcs of the ring, as numbers."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from core.db import db
from followup.closing import closings
from promises.ledger import Ledger, Scope
from promises.models import Promise, Update
from surveys.models_responses import Response
from triage.models import Comment, Tag


@dataclass(frozen=True, slots=True)
class People:
    """How many people: heard a receipt, had something done about their words, were told, and agree.

    Apart from those: who said no, and who said nothing for ten days after they were told.
    """

    heard: int
    acted: int
    told: int
    agreed: int
    refused: int = 0
    silent: int = 0

    def shares(self, of: int) -> list[float]:
        return [n / of if of else 0.0 for n in (self.heard, self.acted, self.told, self.agreed)]

    def values(self) -> list[int]:
        return [self.heard, self.acted, self.told, self.agreed]


def people(within: Scope, found: Ledger, now: datetime) -> People:
    """The four arcs of the ring, as numbers of people; each answer counts once."""
    receipt = select(Promise.response_id).join(Update).where(Update.kind == "receipt")
    tagged = select(Comment.response_id).join(Tag).where(Tag.withdrawn_at.is_(None))
    digested = select(Promise.response_id).join(Update).where(Update.how == "digest")
    heard, acted = (_count(within, rows) for rows in (receipt, tagged.union(digested)))
    closed = _closed(within, now)
    refused = closed["not_solved"] + closed["not_clear"]
    return People(heard, acted, found.told, closed["agreed"], refused, closed["silence"])


def _closed(within: Scope, now: datetime) -> Counter[str]:
    """closing → people"""
    rows = within.within(closings(now)).subquery()
    found = db.session.execute(select(rows.c.closing, func.count().label("people")).group_by(rows.c.closing))
    return Counter({row.closing: row.people for row in found})


def _count(within: Scope, response_ids: Any) -> int:
    query = select(func.count(Response.id)).where(Response.is_test.is_(False), Response.id.in_(response_ids))
    return db.session.scalar(within.within(query)) or 0
