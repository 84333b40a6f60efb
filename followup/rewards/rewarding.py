"""Give a code with the word that ends a promise: by a rule that never sees a score, one a person, in the same transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core import audit
from core.db import db
from followup.rewards.models import Pool, RewardCode
from surveys.models_responses import Response
from triage.models import Tag

LED_TO_ONE = ("done", "planned")
"""Kinds of action that something changes by; a thank-you and a no are none."""


@dataclass(frozen=True, slots=True)
class Reward:
    """What it is good for, in the reader's language, and the code."""

    what: str
    code: str


def give(response: Response, tags: Iterable[Tag], now: datetime) -> Reward | None:
    """Inside the transaction that tells them. None where the rule does not fit, they had one, or none is left.

    Another clock may give them one at the same moment: then the database refuses this one, and all that is told with it.
    """
    pool = db.session.scalar(
        select(Pool).where(Pool.survey_id == response.survey_id, Pool.stopped_at.is_(None))
    )
    if not pool or not response.is_sound or not _fits(pool, response, tags):
        return None
    person = _person(response)
    had = select(RewardCode.id).where(RewardCode.pool_id == pool.id, RewardCode.person == person)
    code = None if db.session.scalar(had) else _next(pool)
    if not code:
        return None
    code.response_id, code.person, code.given_at, code.given_by = response.id, person, now, audit.actor()
    db.session.flush()
    audit.record("response.rewarded", response, now, pool=pool.id)
    what = pool.what.get(response.language) or next(iter(pool.what.values()))
    return Reward(what, code.code)


def _fits(pool: Pool, response: Response, tags: Iterable[Tag]) -> bool:
    if pool.rule == "action":
        return any(tag.action.kind in LED_TO_ONE for tag in tags)
    return pool.rule == "all" or _place(response) % pool.every == 0


def _place(response: Response) -> int:
    """Which answer to the survey it was, tests left out: nobody can choose it."""
    before = Response.survey_id == response.survey_id, Response.id <= response.id, ~Response.is_test
    return db.session.scalar(select(func.count(Response.id)).where(*before)) or 0


def _person(response: Response) -> str:
    customer = response.customer
    return f"c{customer.merged_into_id or customer.id}" if customer else f"r{response.id}"


def _next(pool: Pool) -> RewardCode | None:
    free = select(RewardCode).where(RewardCode.pool_id == pool.id, RewardCode.given_at.is_(None))
    return db.session.scalar(free.order_by(RewardCode.id).limit(1).with_for_update(skip_locked=True))


def left(pool: Pool) -> int:
    free = select(func.count(RewardCode.id)).where(
        RewardCode.pool_id == pool.id, RewardCode.given_at.is_(None)
    )
    return db.session.scalar(free) or 0


def running_low(organisation_id: int) -> list[tuple[Pool, int]]:
    """Pools that give, with fewer codes left than their manager wants, and how many."""
    gives = Pool.organisation_id == organisation_id, Pool.stopped_at.is_(None)
    pools = db.session.scalars(select(Pool).where(*gives).order_by(Pool.id)).all()
    return [(pool, n) for pool in pools if (n := left(pool)) < pool.low_at]
