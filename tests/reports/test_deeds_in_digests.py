"""Whoever read a plan in "you said, we did" was given its date: what was done by that day counts for them as for anybody."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Row, select

from core.access import Role
from core.db import db, writing
from followup.composing import compose_due
from followup.corrections.correcting import correct, tell_done
from followup.corrections.retelling import compose_corrections
from followup.digests.retelling_digests import compose_digest_corrections
from followup.digests.rounds import approve
from followup.no_news import compose_moves
from followup.plans.delaying import delay
from reports.word_and_deed_sql import deeds
from surveys.models import Round, Survey
from tests.cast import Cast
from tests.desk import said, scored
from tests.loop import decided, settled
from triage.models import Action

pytestmark = pytest.mark.both_databases
DAY = timedelta(days=1)
WORDS = {"nl": "De dozen worden beter.", "en": "The boxes get better."}
LATE = {"en": "The supplier is late."}


@pytest.fixture
def plan(people: Cast, survey: Survey, now: datetime) -> Action:
    """For a week later; Rita hears it about her comment, and two who gave a score read it in the digest."""
    comment = said(survey, now)
    with writing():
        plan = decided(people, now, "planned")
        settled(comment.response, plan, now)
    for name in "ab":
        scored(survey, now, email=f"{name}@example.com")
    with writing():
        approve(db.session.scalars(select(Round)).one(), WORDS, None, now, publish=[], tells=[plan.id])
    assert compose_due(now) == 3
    return plan


def seen(now: datetime) -> list[Row[tuple[object, ...]]]:
    return list(db.session.execute(deeds(now.date(), now)))


def verdicts(now: datetime) -> Counter[str]:
    return Counter(row.deed for row in seen(now))


def hear(now: datetime) -> None:
    compose_moves(now)
    compose_due(now)
    compose_corrections(now)
    compose_digest_corrections(now)


def test_it_is_open_until_its_day_and_broken_after_it(plan: Action, now: datetime) -> None:
    assert verdicts(now) == {"open": 3}
    later = now + 9 * DAY
    assert verdicts(later) == {"broken": 3}
    assert {row.days for row in seen(later)} == {2}


def test_done_by_its_day_is_kept_for_each_of_them(plan: Action, now: datetime) -> None:
    day = now + 7 * DAY
    with writing():
        tell_done(plan, day.date(), day)
    hear(day)
    assert verdicts(day) == {"kept": 3}


def test_a_date_that_was_moved_in_time_was_warned_of_and_never_kept(plan: Action, now: datetime) -> None:
    with writing():
        delay(plan, now.date() + 14 * DAY, LATE, Role.agent, now + DAY)
    hear(now + DAY)
    done = now + 14 * DAY
    with writing():
        tell_done(plan, done.date(), done)
    assert verdicts(done) == {"warned": 3}
    assert {(row.due, row.days) for row in seen(done)} == {(now.date() + 7 * DAY, 7)}


def test_a_move_that_was_not_told_by_the_first_day_warned_nobody(plan: Action, now: datetime) -> None:
    with writing():
        delay(plan, now.date() + 14 * DAY, LATE, Role.agent, now + DAY)
    hear(now + 8 * DAY)
    assert verdicts(now + 8 * DAY) == {"broken": 3}


def test_what_was_called_off_in_time_gets_no_later(people: Cast, plan: Action, now: datetime) -> None:
    with writing():
        right = decided(people, now, "wont_do")
        db.session.flush()
        right.corrects_id = plan.id
        correct(plan, right, now + DAY)
    hear(now + DAY)
    later = now + 9 * DAY
    assert [(row.deed, row.days) for row in seen(later)] == [("warned", 0)] * 3
