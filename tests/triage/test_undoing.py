"""Within its hold a tag can be undone, or sent at once; afterwards it can only be corrected."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict
from followup.composing import compose_due
from promises.models import Promise
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, opened_survey, promises_of, settled
from tests.triage.test_tagging import BOTH, HOLD, tagged
from triage.models import Tag
from triage.settling import settle, together
from triage.tagging import owed, send_now, undo


def test_undone_it_is_owed_as_before(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    (before,) = promises_of(comment.response)
    due = before.due_at
    made = tagged(people, comment, now)
    with writing():
        undo(made, now + HOLD - timedelta(seconds=1))
    (after,) = promises_of(comment.response)
    assert (after.id, after.due_at, after.is_open) == (before.id, due, True)
    assert owed(comment.response, now) is after


@BOTH
def test_told_it_can_be_corrected_and_not_undone(people: Cast, survey: Survey, now: datetime) -> None:
    made = tagged(people, said(survey, now), now, timedelta())
    compose_due(now)
    with pytest.raises(Conflict, match="It can be corrected, not undone"), writing():
        undo(db.session.get_one(Tag, made.id), now)


def test_undone_twice_is_refused(people: Cast, survey: Survey, now: datetime) -> None:
    made = tagged(people, said(survey, now), now)
    with writing():
        undo(made, now)
    with pytest.raises(Conflict, match="This was undone already"), writing():
        undo(made, now)


def test_send_now_ends_what_is_held_and_nothing_else(people: Cast, survey: Survey, now: datetime) -> None:
    held, undone, released = (
        tagged(people, said(survey, now, f"word {n}", email=f"{n}@example.com"), now, hold)
        for n, hold in enumerate((HOLD, HOLD, timedelta()))
    )
    with writing():
        undo(undone, now)
        assert send_now([held, undone, released], now) == 1
        assert send_now([held, undone, released], now) == 0
    assert held.release_at == now
    assert undone.release_at == now + HOLD


def test_what_one_click_did_belongs_together(people: Cast, survey: Survey, now: datetime) -> None:
    comments = [said(survey, now, f"word {n}", email=f"{n}@example.com") for n in range(3)]
    with writing():
        action = decided(people, now)
        clicked = settle(comments[:2], action, people.bob.id, HOLD, now.date(), now)
        another = settle(comments[2:], action, people.bob.id, HOLD, now.date(), now + timedelta(seconds=1))
    assert together(clicked[0]) == clicked
    assert together(another[0]) == another
    with writing():
        undo(clicked[0], now)
    assert together(clicked[1]) == clicked[1:]


def test_two_surveys_of_one_person_are_each_owed_their_own(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        other = opened_survey(people, now, "reparatie")
    comments = [said(survey, now), said(other, now)]
    with writing():
        action = decided(people, now)
        for comment in comments:
            settled(comment.response, action, now)
    compose_due(now)
    assert [p.ended_as for p in db.session.scalars(select(Promise).order_by(Promise.id))] == ["told", "told"]
