"""One action for many comments, some at a time: it goes on after a kill, nobody is told before the last one has it."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from followup.composing import compose_due
from followup.corrections.merging import merge_actions
from followup.many import bulk
from followup.many.models import BulkItem, BulkWork
from followup.models import LargeStep
from followup.steps import large_steps
from outbox.models import Message
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided
from tests.pages import get
from triage import indexing
from triage.commenting import reopen
from triage.models import Action, Comment, Tag
from triage.models_index import CommentIndex

HOLD = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
BOTH = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "SLICE", 2)


@pytest.fixture
def five(survey: Survey, now: datetime) -> list[Comment]:
    return [said(survey, now, f"Box {n}.", email=f"{n}@example.com") for n in range(5)]


def begun(
    five: list[Comment], action: Action, people: Cast, now: datetime, usual: int | None = None
) -> BulkWork:
    with writing():
        return bulk.begin([c.id for c in five], action, people.bob.id, HOLD, (len(five), usual), now)


def a_slice(work: BulkWork, now: datetime) -> int:
    return bulk._once(work.id, now)


def told(now: datetime) -> int:
    compose_due(now)
    return db.session.scalar(select(func.count(Message.id)).where(Message.kind == "update")) or 0


def open_ones() -> int:
    return db.session.scalar(select(func.count()).where(CommentIndex.is_open)) or 0


@BOTH
def test_the_hold_starts_when_the_last_one_has_it(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    assert (a_slice(work, now), bulk.progress(work), work.state(now)) == (2, (2, 2), "running")
    assert told(now + HOLD) == 0, "two have it, and nobody is told before all of them do"
    later = now + timedelta(hours=1)
    assert bulk.do_bulk_work(later) == 3
    assert (work.state(later), work.release_at) == ("held", later + HOLD)
    assert told(later + HOLD - SECOND) == 0
    assert told(later + HOLD + SECOND) == 5
    assert work.state(later + HOLD) == "done"
    assert (open_ones(), indexing.astray()) == (0, [])


@BOTH
def test_after_a_kill_it_goes_on_from_its_rows(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    a_slice(work, now)
    with pytest.raises(ZeroDivisionError), writing():
        _half_a_slice(work, now)
    assert bulk.progress(work) == (2, 2)
    assert bulk.do_bulk_work(now) == 3
    assert bulk.do_bulk_work(now) == 0
    assert len(db.session.scalars(select(Tag)).all()) == 5


def _half_a_slice(work: BulkWork, now: datetime) -> None:
    bulk._some(db.session.get_one(BulkWork, work.id), now)
    raise ZeroDivisionError


@BOTH
def test_called_back_while_it_runs_nobody_is_told(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    a_slice(work, now)
    with writing():
        bulk.cancel(work, now)
    assert work.state(now) == "cancelling"
    bulk.do_bulk_work(now)
    assert (work.state(now), bulk.progress(work)) == ("cancelled", (2, 0))
    assert told(now + 2 * HOLD) == 0
    assert (open_ones(), indexing.astray()) == (5, [])


@BOTH
def test_called_back_within_the_hold_all_of_it_is_taken_back(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    bulk.do_bulk_work(now)
    with writing():
        bulk.cancel(work, now + HOLD - SECOND)
    assert told(now + 2 * HOLD) == 0, "the hold does not end while it is being taken back"
    bulk.do_bulk_work(now + 2 * HOLD)
    assert (work.state(now + 2 * HOLD), open_ones()) == ("cancelled", 5)


@BOTH
def test_called_back_while_a_clock_finishes_it_one_of_them_wins(
    app: Flask, five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    while bulk.progress(work)[0] < len(five):
        a_slice(work, now)
    ready = threading.Barrier(2)

    def at_once(what: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait(10)
            what()

    threads = [
        threading.Thread(target=at_once, args=[what])
        for what in (lambda: bulk.do_bulk_work(now), lambda: _called_back(work.id, now))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    bulk.do_bulk_work(now)
    db.session.expire_all()
    assert (work.state(now), bulk.progress(work)) == ("cancelled", (5, 0))
    assert told(now + 2 * HOLD) == 0


def _called_back(work_id: int, now: datetime) -> None:
    with writing():
        bulk.cancel(db.session.get_one(BulkWork, work_id), now)


def test_once_people_are_told_it_is_too_late(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    bulk.do_bulk_work(now)
    with pytest.raises(Conflict, match="too late"), writing():
        bulk.cancel(work, now + HOLD)


@BOTH
def test_a_large_one_waits_for_a_manager_but_for_who_falls_due_today(
    five: list[Comment],
    survey: Survey,
    action: Action,
    people: Cast,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    due = said(survey, now - timedelta(days=7), "Long ago.", email="due@example.com")
    work = begun([*five, due], action, people, now, usual=1)
    bulk.do_bulk_work(now)
    step = db.session.scalars(select(LargeStep)).one()
    assert (step.messages, step.usual, len(step.tags), step.asked_by) == (6, 1, 5, work.asked_by)
    assert told(now + 2 * HOLD) == 1
    with writing():
        large_steps.approve(step, now + 2 * HOLD)
    assert told(now + 3 * HOLD) == 6


def test_a_comment_that_has_it_or_came_back_meanwhile(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    first = begun(five[:2], action, people, now)
    bulk.do_bulk_work(now)
    second = begun(five, action, people, now + SECOND)
    with writing():
        reopen(five[4].response, "said", now + 2 * SECOND)
    bulk.do_bulk_work(now + 3 * SECOND)
    assert (bulk.progress(first), bulk.progress(second)) == ((2, 2), (5, 3))
    assert open_ones() == 1, "what came back after the decision needs a person still"


def test_an_action_that_is_withdrawn_meanwhile_is_given_to_nobody_else(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    a_slice(work, now)
    with writing():
        action.withdrawn_at = now
    bulk.do_bulk_work(now)
    assert bulk.progress(work) == (5, 2)


def test_what_was_written_to_one_person_is_not_for_many(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    with writing():
        action.comment_id = five[0].id
    with pytest.raises(DomainError, match="written to one person"):
        begun(five, action, people, now)


def test_an_action_that_is_being_given_is_not_merged_meanwhile(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    with writing():
        other = decided(people, now)
    begun(five, action, people, now)
    with pytest.raises(Conflict, match="being carried out"), writing():
        merge_actions(action, other, now)
    bulk.do_bulk_work(now)
    with writing():
        assert merge_actions(action, other, now).moved == 5


def test_the_history_says_who_asked_for_it(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    with writing():
        work.asked_by = "Bob Bakker"
    bulk.do_bulk_work(now)
    actors = select(Event.actor).where(Event.verb == "comment.tagged").distinct()
    assert db.session.scalars(actors).all() == ["Bob Bakker"]


def test_all_that_match_are_taken_as_work_that_shows_how_far_it_is(
    bob: Colleague,
    five: list[Comment],
    survey: Survey,
    action: Action,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("followup.many.views_tags.FROM", 3)
    preview = bob.post("/tags/preview?q=box", data={"everything": "yes", "action_id": action.id})
    assert "Say this about 5 comments" in preview.text
    newer = said(survey, now, "Box of later.", email="later@example.com")
    answer = bob.post(f"/tags?q=box&last={five[-1].id}", data={"everything": "yes", "action_id": action.id})
    assert answer.status_code == 303
    assert "0 of 5 comments" in get(bob, answer.location).words
    bulk.do_bulk_work(now)
    page = get(bob, answer.location)
    assert "5 of 5 comments" in page.words
    assert "can be undone" in page.words
    assert not db.session.scalars(select(BulkItem).where(BulkItem.comment_id == newer.id)).all()
    assert bob.post(f"{answer.location}/cancellation").status_code == 303
    assert "being called back" in get(bob, answer.location).words


def test_more_than_can_be_taken_at_once_is_said(
    bob: Colleague, five: list[Comment], action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("followup.many.views_tags.MOST", 4)
    answer = bob.post("/tags/preview?q=box", data={"everything": "yes", "action_id": action.id})
    assert answer.status_code == 422
    assert "More than 4 comments match." in answer.text
