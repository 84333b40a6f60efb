"""Fill a pool, and say by which rule it gives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from core import audit
from core.db import db
from core.errors import DomainError
from core.text import one_line
from followup.rewards.models import Pool, RewardCode
from surveys.invitations.list_files import Row
from surveys.models import Survey
from surveys.models_responses import Response

LONGEST = 100
NAMES = {"code", "codes"}
"""A first line of a spreadsheet."""
NAMED = 10
"""Lines that are named, of those that were left out."""


@dataclass(frozen=True, slots=True)
class Added:
    """How many new codes, and the lines of those that were there already, stood twice, or are too long."""

    new: int
    twice: Sequence[int]
    too_long: Sequence[int]


@dataclass(frozen=True, slots=True)
class Rule:
    """As the columns of a pool; `gives`: from now on, or not."""

    what: dict[str, str]
    rule: str
    every: int
    low_at: int
    gives: bool = True


def choose(survey: Survey, rule: Rule, now: datetime) -> Pool:
    """Its rule from now on; a survey has one pool."""
    pool = pool_of(survey)
    if not pool:
        pool = Pool(organisation_id=survey.organisation_id, survey_id=survey.id, since=now)
        db.session.add(pool)
    pool.what, pool.rule, pool.every, pool.low_at = rule.what, rule.rule, rule.every, rule.low_at
    pool.stopped_at = None if rule.gives else pool.stopped_at or now
    db.session.flush()
    audit.record("rewards.chosen", pool, now, rule=rule.rule, every=rule.every, gives=rule.gives)
    return pool


def pool_of(survey: Survey) -> Pool | None:
    return db.session.scalar(select(Pool).where(Pool.survey_id == survey.id))


def add(pool: Pool, lines: Iterable[Row], now: datetime) -> Added:
    """The first cell of each line, each code once; DomainError when there is none."""
    db.session.refresh(pool, with_for_update=True)
    known = set(db.session.scalars(select(RewardCode.code).where(RewardCode.pool_id == pool.id)))
    new, twice, too_long = [], [], []
    for line, code in _codes(lines):
        if len(code) > LONGEST:
            too_long.append(line)
        elif code in known:
            twice.append(line)
        else:
            known.add(code)
            new.append({"pool_id": pool.id, "code": code, "given_by": ""})
    if not new and not twice and not too_long:
        raise DomainError(_("There is no code in it. Give one on each line."))
    if new:
        db.session.execute(insert(RewardCode), new)
    audit.record("rewards.added", pool, now, codes=len(new))
    return Added(len(new), twice, too_long)


def _codes(lines: Iterable[Row]) -> Iterable[tuple[int, str]]:
    for line, cells in lines:
        code = one_line(cells[0], LONGEST + 1) if cells else ""
        if code and not (line == 1 and code.casefold() in NAMES):
            yield line, code


def named(lines: Sequence[int]) -> str:
    """Line numbers to be read, the first of them."""
    return ", ".join(map(str, lines[:NAMED])) + ("…" if lines[NAMED:] else "")


def given(pool: Pool) -> int:
    """How many codes have an owner, also those of answers from before the first rule."""
    where = RewardCode.pool_id == pool.id, RewardCode.given_at.is_not(None)
    return db.session.scalars(select(func.count(RewardCode.id)).where(*where)).one()


def given_by(pool: Pool, what: str) -> list[tuple[str, int, int]]:
    """(channel, language or score, answers, of those rewarded): whether some get more than others, though the rule sees none of it."""
    column = {"channel": Response.channel, "language": Response.language, "score": Response.score}[what]
    query = (
        select(column, func.count(Response.id), func.count(RewardCode.id))
        .outerjoin(RewardCode, RewardCode.response_id == Response.id)
        .where(Response.survey_id == pool.survey_id, Response.is_sound, Response.submitted_at >= pool.since)
        .group_by(column)
        .order_by(column)
    )
    return [
        ("–" if key is None else str(key), answers, given)
        for key, answers, given in db.session.execute(query)
    ]
