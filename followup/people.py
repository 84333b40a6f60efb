"""How far the loop is with people: the four arcs of the ring, as numbers."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from core.db import db
from followup.models import Verdict
from promises.ledger import Ledger, Scope
from promises.models import Promise, Update
from surveys.models import Response
from triage.models import Comment, Tag


@dataclass(frozen=True, slots=True)
class People:
    """How many people: heard a receipt, had something done about their words, were told, and agree."""

    heard: int
    acted: int
    told: int
    agreed: int

    def shares(self, of: int) -> list[float]:
        return [n / of if of else 0.0 for n in (self.heard, self.acted, self.told, self.agreed)]

    def values(self) -> list[int]:
        return [self.heard, self.acted, self.told, self.agreed]


def people(within: Scope, found: Ledger) -> People:
    """The four arcs of the ring, as numbers of people; each answer counts once."""
    receipt = select(Promise.response_id).join(Update).where(Update.kind == "receipt")
    tagged = select(Comment.response_id).join(Tag).where(Tag.withdrawn_at.is_(None))
    digested = select(Promise.response_id).join(Update).where(Update.how == "digest")
    last = select(func.max(Verdict.id)).group_by(Verdict.response_id)
    agreed = select(Verdict.response_id).where(
        Verdict.id.in_(last), Verdict.solved.is_not(False), Verdict.clear.is_not(False)
    )
    heard, acted, content = (_count(within, rows) for rows in (receipt, tagged.union(digested), agreed))
    return People(heard, acted, found.told, content)


def _count(within: Scope, response_ids: Any) -> int:
    query = select(func.count(Response.id)).where(Response.is_test.is_(False), Response.id.in_(response_ids))
    return db.session.scalar(within.within(query)) or 0
