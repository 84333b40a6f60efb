"""Who was told: the proof that nobody was left out.

responses = told + promised + unreachable, at every instant. The left side is counted by itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core.db import Rows, db
from outbox.models import Message
from promises.models import Promise, Update
from promises.standing import Facts, apart_sql, carries, facts_sql, standing
from surveys.models_responses import Response


@dataclass(frozen=True, slots=True)
class Scope:
    """An organisation, and within it a survey, a round, or what was answered from `since` until before `until`.

    And of those, only who hears by `channel`, or answered in `language`.
    """

    organisation_id: int
    survey_id: int | None = None
    round_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    channel: str = ""
    language: str = ""

    def within(self, query: Rows) -> Rows:
        query = query.where(Response.organisation_id == self.organisation_id, *self.of_whom())
        query = query.where(Response.survey_id == self.survey_id) if self.survey_id else query
        query = query.where(Response.round_id == self.round_id) if self.round_id else query
        query = query.where(Response.submitted_at >= self.since) if self.since else query
        return query.where(Response.submitted_at < self.until) if self.until else query

    def of_whom(self) -> list[ColumnElement[bool]]:
        asked = ((Response.channel, self.channel), (Response.language, self.language))
        return [column == value for column, value in asked if value]


@dataclass(frozen=True, slots=True)
class Ledger:
    """`told_how`: how → people told by mail; `told_page`: how → people whose own page says it, never added to mailed."""

    responses: int
    told: int = 0
    promised: int = 0
    told_how: dict[str, int] = field(default_factory=dict)
    told_page: dict[str, int] = field(default_factory=dict)
    unreachable: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    planned: int = 0
    """Of those promised: who heard of a plan, and is owed its outcome."""
    unproven: int = 0
    """Messages whose row is gone: nobody can show any more that they were sent."""

    @property
    def unreached(self) -> int:
        return sum(self.unreachable.values())

    @property
    def lost(self) -> int:
        """Responses of which a row that must be there is not."""
        return self.responses - self.told - self.promised - self.unreached

    @property
    def adds_up(self) -> bool:
        return self.lost == 0 and self.unproven == 0

    @property
    def heard_back(self) -> int:
        """People who heard what came of it, or what will."""
        return self.told + self.planned

    @property
    def something_changed(self) -> int:
        """People who heard that something changed or will: done and planned, nothing else."""
        told = (self.told_how, self.told_page)
        return self.planned + sum(split.get(how, 0) for split in told for how in ("done", "planned"))


def ledger(scope: Scope) -> Ledger:
    """Counted by facts, and each of the few dozens of combinations named by the rule in Python."""
    return _sum(responses(scope), [*_apart(scope), *_others(scope)], unproven(scope))


Group = tuple[Facts, int]
"""Facts, and how many people share them."""


def _apart(scope: Scope) -> Iterator[Group]:
    for erased, history, declined, people in _grouped(scope.within(apart_sql())):
        yield Facts(erased, history, declined, None, None, None, None, False), people


def _others(scope: Scope) -> Iterator[Group]:
    for *facts, people in _grouped(scope.within(facts_sql())):
        yield Facts(False, False, False, *facts), people


def _grouped(query: Rows) -> Iterable[Any]:
    facts = query.subquery()
    return db.session.execute(select(*facts.c, func.count().label("people")).group_by(*facts.c)).all()


def responses(scope: Scope) -> int:
    """Every submitted response that is not a test; erased ones stay counted."""
    return (
        db.session.scalar(scope.within(select(func.count(Response.id)).where(Response.is_test.is_(False))))
        or 0
    )


def unproven(scope: Scope) -> int:
    """Messages that told somebody something and are there no more; who was erased needs no proof."""
    gone = ~select(Message.id).where(carries(Update)).exists()
    query = (
        select(func.count(func.distinct(Update.message_key)))
        .join(Promise, Promise.id == Update.promise_id)
        .join(Response, Response.id == Promise.response_id)
        .where(Update.organisation_id == scope.organisation_id, Update.channel != "page", gone)
        .where(~Response.is_erased)
    )
    return db.session.scalar(scope.within(query)) or 0


def _sum(responses: int, groups: Iterable[Group], unproven: int) -> Ledger:
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("told", "page", "promised", "unreachable", "missing")
    }
    for facts, people in groups:
        stands = standing(facts)
        on_page = stands.state == "told" and facts.channel == "page"
        counts["page" if on_page else stands.state][stands.why] += people
    return Ledger(
        responses=responses,
        told=counts["told"].total() + counts["page"].total(),
        promised=counts["promised"].total(),
        told_how=dict(counts["told"]),
        told_page=dict(counts["page"]),
        unreachable=dict(counts["unreachable"]),
        missing=dict(counts["missing"]),
        planned=counts["promised"]["planned"],
        unproven=unproven,
    )
