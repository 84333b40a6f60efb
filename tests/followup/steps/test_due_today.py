"""What falls due today never waits for a manager: those people hear what holds, though the step as a whole waits."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from followup.composing import compose_due
from followup.corrections.retelling import compose_corrections
from followup.models import LargeStep, Told
from followup.no_news import compose_no_news
from followup.steps import large_steps
from followup.steps.carrying_out import carry_out_steps
from followup.steps.stepping import take_correction, take_done, take_tags
from followup.sweeping import sweep
from outbox.models import Message
from promises.models import Promise
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, promises_of, settled
from triage.acting import Decision, decide
from triage.models import Action, Comment

HOLD = timedelta(minutes=15)
MANY = 4
RIGHT = {"en": "The box was stronger already.", "nl": "De doos was al sterker."}
Take = Callable[[Action], LargeStep | None]


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many letters yesterday's were."""
    monkeypatch.setattr(large_steps, "FLOOR", MANY)
    monkeypatch.setattr(large_steps, "TIMES", 0)


@pytest.fixture
def later(now: datetime) -> datetime:
    """The day after they were told the plan: one update a person a day is no matter any more."""
    return now + timedelta(days=1)


@pytest.fixture
def comments(survey: Survey, now: datetime) -> list[Comment]:
    """One more than is many."""
    return [said(survey, now, f"Box {n}.", email=f"{n}@example.com") for n in range(MANY + 1)]


@pytest.fixture
def plan(people: Cast, comments: list[Comment], now: datetime) -> Action:
    """Told to all of them."""
    with writing():
        plan = decided(people, now, "planned")
        for comment in comments:
            settled(comment.response, plan, now)
    compose_due(now)
    return plan


def due(comment: Comment, at: datetime) -> None:
    with writing():
        promises_of(comment.response)[-1].due_at = at


def done(plan: Action, now: datetime) -> LargeStep | None:
    with writing():
        return take_done(plan, now.date(), None, now).step


def put_right(people: Cast, wrong: Action, now: datetime) -> LargeStep | None:
    with writing():
        decision = Decision("already", "Put right", people.alice.id, RIGHT)
        right = decide(wrong.organisation_id, decision, now.date(), now, corrects=wrong)
        return take_correction(wrong, right, None, now).step


def ticked(now: datetime) -> int:
    """How many are told."""
    carry_out_steps(now)
    return compose_due(now) + compose_corrections(now)


def told() -> dict[str, str]:
    """address → what they read, but for the plan"""
    messages = db.session.scalars(select(Message).where(Message.kind != "alert").order_by(Message.id))
    return {m.recipient: m.text for m in messages if "Planned: what we will do" not in m.subject}


@pytest.mark.both_databases
def test_whose_plan_falls_due_today_reads_that_it_is_done_and_the_others_wait(
    comments: list[Comment], plan: Action, later: datetime
) -> None:
    due(comments[0], later + timedelta(hours=2))
    step = done(plan, later)
    assert step
    assert step.messages == MANY, "those who fall due today are not counted"
    assert ticked(later) == 1
    assert list(told()) == ["0@example.com"]
    assert "Done on 24 November 2026" in told()["0@example.com"]
    assert not [p for p in promises_of(comments[0].response) if p.is_open], "nothing is owed any more"
    assert compose_no_news(later + timedelta(hours=2)) == 0
    assert ticked(later + timedelta(hours=2)) == 0
    with writing():
        large_steps.approve(step, later)
    assert ticked(later) == MANY
    assert len(told()) == MANY + 1, "and nobody twice"


@pytest.mark.both_databases
def test_whom_a_correction_would_reach_today_is_told_what_holds(
    people: Cast, comments: list[Comment], plan: Action, later: datetime
) -> None:
    due(comments[0], later + timedelta(hours=2))
    step = put_right(people, plan, later)
    assert step
    assert ticked(later) == 1
    assert RIGHT["en"] in told()["0@example.com"]
    assert "What we told you before was not right." in told()["0@example.com"]
    assert not [p for p in promises_of(comments[0].response) if p.is_open], "the old plan is owed no more"
    assert plan.withdrawn_at is None, "it holds for the others until a manager has looked"
    with writing():
        large_steps.approve(step, later)
    assert ticked(later) == MANY
    assert len(told()) == MANY + 1


@pytest.mark.both_databases
def test_a_promise_that_comes_to_fall_due_sooner_is_kept_with_what_was_done(
    people: Cast, comments: list[Comment], now: datetime
) -> None:
    with writing():
        assert take_tags(comments, decided(people, now), None, HOLD, now.date(), now).step
    assert carry_out_steps(now) == 0
    due(comments[0], now + timedelta(hours=3))
    assert ticked(now) == 1
    assert "We now use a stronger box." in told()["0@example.com"]
    assert compose_no_news(now + timedelta(hours=3)) == 0
    assert carry_out_steps(now) == 0


def test_whoever_was_about_to_hear_what_is_wrong_hears_of_no_mistake(
    people: Cast, survey: Survey, comments: list[Comment], plan: Action, later: datetime
) -> None:
    late = said(survey, later, "One more box.", email="late@example.com")
    with writing():
        settled(late.response, plan, later, HOLD)
    due(late, later + timedelta(hours=2))
    assert put_right(people, plan, later)
    ticked(later + HOLD)
    assert list(told()) == ["late@example.com"]
    assert RIGHT["en"] in told()["late@example.com"]
    assert "not right" not in told()["late@example.com"]


def test_when_all_of_them_fall_due_today_nothing_waits(
    comments: list[Comment], plan: Action, later: datetime
) -> None:
    for comment in comments:
        due(comment, later + timedelta(hours=2))
    assert done(plan, later) is None
    assert ticked(later) == MANY + 1


def test_when_the_last_of_them_has_heard_it_nothing_is_left_to_decide(
    comments: list[Comment], plan: Action, later: datetime
) -> None:
    step = done(plan, later)
    assert step
    due_on = promises_of(comments[0].response)[-1].due_on
    assert due_on
    on_the_day = later + (due_on - later.date())
    assert ticked(on_the_day) == MANY + 1
    assert (step.decided_as, step.decided_by) == ("approved", "clock")
    assert compose_no_news(on_the_day + timedelta(hours=6)) == 0


@pytest.mark.parametrize("kind", ["done", "correction"])
def test_what_was_told_today_stays_told_when_it_is_refused(
    people: Cast, comments: list[Comment], plan: Action, later: datetime, kind: str
) -> None:
    due(comments[0], later + timedelta(hours=2))
    step = done(plan, later) if kind == "done" else put_right(people, plan, later)
    assert step
    ticked(later)
    with writing():
        large_steps.refuse(step, "Not for everybody.", later)
    assert (plan.kind, plan.done_on, plan.withdrawn_at) == ("planned", None, None), "a plan again"
    assert [ticked(later), sweep(later), ticked(later)] == [0, 0, 0]
    assert list(told()) == ["0@example.com"]
    assert db.session.scalars(select(Told.kind).order_by(Told.id.desc()).limit(1)).one() in {
        "done",
        "already",
    }


@pytest.mark.parametrize("kind", ["done", "correction"])
def test_the_sweep_does_not_tell_the_others_meanwhile(
    people: Cast, comments: list[Comment], plan: Action, later: datetime, kind: str
) -> None:
    due(comments[0], later + timedelta(hours=2))
    assert done(plan, later) if kind == "done" else put_right(people, plan, later)
    ticked(later)
    assert sweep(later) == 0
    assert ticked(later) == 0


def test_nobody_is_promised_anything_by_a_step_that_waits(
    comments: list[Comment], plan: Action, later: datetime
) -> None:
    due(comments[0], later + timedelta(hours=2))
    assert done(plan, later)
    ticked(later)
    assert len(db.session.scalars(select(Promise).where(Promise.is_open)).all()) == MANY, "as before"
