"""Work on many comments whose words a manager reads first: it waits visibly, begins by itself, and ends when they are sent back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.db import db, writing
from core.errors import Conflict, DomainError
from followup.composing import compose_due
from followup.many import bulk
from followup.many.models import BulkWork
from followup.models import LargeStep
from followup.no_news import compose_no_news
from followup.steps import large_steps
from outbox.models import Message
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, opened_survey
from tests.pages import Page, get
from triage import indexing
from triage.models import Action, Comment, Tag
from triage.tagging import tag, undo

HOLD = timedelta(minutes=15)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
BOTH = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "SLICE", 2)


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    """One that wants managers to read words first."""
    with writing():
        made = opened_survey(people, now)
        made.approves_words = True
    return made


@pytest.fixture
def five(survey: Survey, now: datetime) -> list[Comment]:
    return [said(survey, now, f"Box {n}.", email=f"{n}@example.com") for n in range(5)]


def begun(
    five: list[Comment], action: Action, people: Cast, now: datetime, *, manager: bool = False
) -> BulkWork:
    with writing():
        ids = [c.id for c in five]
        return bulk.begin(ids, action, people.bob.id, HOLD, (5, None), now, may_approve=manager)


def step_of(work: BulkWork) -> LargeStep:
    assert work.step
    return work.step


def told(now: datetime) -> int:
    compose_due(now)
    return db.session.scalar(select(func.count(Message.id)).where(Message.kind == "update")) or 0


def tags() -> int:
    return db.session.scalar(select(func.count(Tag.id)).where(Tag.withdrawn_at.is_(None))) or 0


def approved(work: BulkWork, now: datetime) -> None:
    with writing():
        large_steps.approve(step_of(work), now)


@BOTH
def test_it_waits_until_a_manager_has_read_the_words_and_then_begins_by_itself(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    assert (bulk.do_bulk_work(now + HOUR), work.state(now + HOUR), tags()) == (0, "waiting", 3)
    assert (step_of(work).because, step_of(work).messages, told(now + HOUR)) == ("words", 5, 0)
    approved(work, now + HOUR)
    assert told(now + HOUR) == 0, "those by whom the words were read are told with the others"
    assert bulk.do_bulk_work(now + HOUR) == 2
    assert (work.state(now + HOUR), told(now + HOUR + HOLD - SECOND)) == ("held", 0)
    assert told(now + HOUR + HOLD + SECOND) == 5
    assert indexing.astray() == []


@BOTH
def test_words_that_are_sent_back_end_it_and_nobody_is_told(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    with writing():
        large_steps.refuse(step_of(work), "Say since when.", now + HOUR)
    bulk.do_bulk_work(now + HOUR)
    assert (work.state(now + HOUR), bulk.progress(work)[1], tags()) == ("cancelled", 0, 0)
    assert told(now + 2 * HOUR) == 0
    assert bulk.do_bulk_work(now + HOUR) == 0


@BOTH
def test_called_back_while_it_waits_no_manager_is_asked_any_more(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    with writing():
        bulk.cancel(work, now)
    bulk.do_bulk_work(now)
    assert (work.state(now), tags()) == ("cancelled", 0)
    assert not db.session.scalars(select(LargeStep).where(large_steps.waiting())).all()


def test_where_those_by_whom_the_words_were_shown_are_undone_the_others_wait_still(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    """Else it would wait for a decision that nobody is asked for."""
    work = begun(five, action, people, now)
    with writing():
        for shown in db.session.scalars(select(Tag)).all():
            undo(shown, now)
    assert db.session.scalars(select(LargeStep).where(large_steps.waiting())).all() == [work.step]
    approved(work, now)
    assert (bulk.do_bulk_work(now), tags()) == (2, 2)


def test_approved_in_the_moment_in_which_it_is_called_back_nobody_is_told(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    with writing():
        bulk.cancel(work, now)
    approved(work, now)
    bulk.do_bulk_work(now)
    assert (work.state(now), tags(), told(now + HOUR)) == ("cancelled", 0, 0)


def test_approved_after_weeks_it_is_held_like_any_other(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work, late = begun(five, action, people, now), now + timedelta(days=45)
    compose_no_news(late)
    approved(work, late)
    assert bulk._once(work.id, late) == 2
    assert told(late + SECOND) == 0
    bulk.do_bulk_work(late)
    assert told(late + timedelta(days=1)) == 5, "not on the day on which they heard that there is no news"


def test_whoever_falls_due_meanwhile_hears_that_there_is_no_news(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    begun(five, action, people, now)
    due = now + timedelta(days=10)
    bulk.do_bulk_work(due)
    compose_no_news(due)
    kinds = db.session.scalars(select(Message.kind)).all()
    assert kinds.count("no_news") == 5
    assert "update" not in kinds


def test_of_managers_and_where_no_survey_wants_it_nothing_waits(
    five: list[Comment], survey: Survey, action: Action, people: Cast, now: datetime
) -> None:
    assert begun(five[:3], action, people, now, manager=True).state(now) == "running"
    with writing():
        survey.approves_words, other = False, decided(people, now)
    assert begun(five, other, people, now).state(now) == "running"


def test_words_that_wait_already_for_all_of_them_do_not_wait_twice(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    begun(five[:3], action, people, now)
    with pytest.raises(DomainError, match="wait for a manager already"):
        begun(five[:3], action, people, now)


def test_once_it_goes_on_it_can_be_called_back_until_people_are_told(
    five: list[Comment], action: Action, people: Cast, now: datetime
) -> None:
    work = begun(five, action, people, now)
    approved(work, now)
    bulk.do_bulk_work(now)
    with pytest.raises(Conflict, match="too late"), writing():
        bulk.cancel(work, now + HOUR)
    with writing():
        bulk.cancel(work, now + SECOND)
    bulk.do_bulk_work(now + HOUR)
    assert (work.state(now + HOUR), tags()) == ("cancelled", 0)


def test_who_asked_sees_that_it_waits_and_the_manager_for_how_many(
    bob: Colleague, alice: Colleague, five: list[Comment], action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("followup.many.views_tags.FROM", 3)
    ids = [c.id for c in five]
    answer = bob.post("/tags", data={"comment_ids": ids, "action_id": action.id})
    page = get(bob, answer.location)
    assert "A manager reads these words first." in page.words
    assert "3 of 5 comments" in page.words
    step = page.links()["What waits for a manager"]
    assert "They are meant for 5 comments" in get(alice, step).words
    alice.post(f"{step}/refusal", data={"reason": "Say since when."})
    assert "A manager sent these words back" in get(bob, answer.location).words


def test_what_a_colleague_answered_meanwhile_is_left_to_them(
    bob: Colleague, five: list[Comment], survey: Survey, action: Action, people: Cast, now: datetime
) -> None:
    with writing():
        survey.approves_words = False
    work = begun(five, action, people, now)
    bulk._once(work.id, now)
    with writing():
        other = decided(people, now)
        tag([five[4]], other, people.alice.id, HOLD, now + SECOND)
    bulk.do_bulk_work(now + 2 * SECOND)
    assert bulk.progress(work) == (5, 4)
    assert "1 comment was answered by a colleague meanwhile" in get(bob, f"/bulk/{work.id}").words


@pytest.mark.parametrize("path", ["/tags/preview", "/tags"])
def test_all_that_match_is_not_said_over_a_colleagues_head(
    bob: Colleague,
    alice: Colleague,
    five: list[Comment],
    survey: Survey,
    action: Action,
    path: str,
    now: datetime,
) -> None:
    """As where they are ticked: nobody is told, who answered is named, and who chooses again means it."""
    with writing():
        survey.approves_words = False
    made = now - HOUR
    alice.post("/tags", data={"comment_ids": five[0].id, "action_id": action.id})
    everything = {"everything": "yes", "action_id": action.id, "made": made.isoformat()}
    answer = Page(bob.post(f"{path}?q=box&last={five[-1].id}", data=everything))
    assert answer.status == 409
    assert "Alice Adams answered 1 of these meanwhile." in answer.words
    assert tags() == 1
    newer = {**everything, "made": (now + HOUR).isoformat()}
    assert bob.post(f"{path}?q=box&last={five[-1].id}", data=newer).status_code in {200, 303}


@pytest.mark.parametrize("made", ["", "yesterday", "2026-11-26", "9999-99-99T00:00:00+00:00", "\x00"])
def test_a_page_that_says_not_when_it_was_made_asks_nothing(
    bob: Colleague, five: list[Comment], action: Action, made: str
) -> None:
    everything = {"everything": "yes", "action_id": action.id, "made": made}
    assert bob.post(f"/tags/preview?q=box&last={five[-1].id}", data=everything).status_code == 200
