"""From rows to figures: what people felt by channel and in each of twelve months, counted by the database."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from core.db import db
from reports.period import MONTHS, Period, month_starts
from surveys.models_responses import Response
from triage.models import Comment


def by_month(period: Period) -> dict[str, Counter[str]]:
    """ "2026-11" → emotion → people, oldest first, those months too in which nobody's feeling is known.

    Whole local months up to the end of the period.
    """
    firsts = month_starts(period.last)
    found = {f"{first:%Y-%m}": Counter[str]() for first in firsts}
    names, over = list(found), replace(period, first=firsts[0])
    for place, emotion, n in _felt(over, _place(firsts, over)):
        found[names[place]][emotion] = n
    return found


def by_channel(period: Period) -> dict[str, Counter[str]]:
    """channel → emotion → people"""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for channel, emotion, n in _felt(period, Response.channel):
        found[channel][emotion] = n
    return found


def _felt(over: Period, by: Any) -> Iterable[tuple[Any, str, int]]:
    """By the rule of `Case.felt`: a person's first comment that has an emotion."""
    query = (
        select(by, Comment.emotion, func.count(Response.id))
        .join(Response, Response.id == Comment.response_id)
        .where(Comment.emotion.is_not(None), Response.is_sound, ~_an_earlier_one())
        .group_by(by, Comment.emotion)
    )
    found = db.session.execute(over.scope.within(query))
    yield from ((row[0], row[1], row[2]) for row in found)


def _place(firsts: list[date], over: Period) -> ColumnElement[int]:
    """The number of the month in which an answer was given, by the clock of the organisation."""
    ends = [replace(over, first=first).scope.since for first in firsts[1:]]
    return case(*((Response.submitted_at < end, n) for n, end in enumerate(ends)), else_=MONTHS - 1)


def _an_earlier_one() -> ColumnElement[bool]:
    earlier: Any = aliased(Comment)
    same = earlier.response_id == Comment.response_id, earlier.emotion.is_not(None), earlier.id < Comment.id
    return select(earlier.id).where(*same).exists()
