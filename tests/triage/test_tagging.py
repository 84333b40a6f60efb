"""Tags: what one does to what is owed, how long it can be undone, and many at once that partly cannot be."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from core.errors import DomainError
from core.models import Event
from followup.composing import compose_due
from surveys.builder.building import close_survey
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, promises_of
from triage.models import Comment, Tag
from triage.tagging import tag, undo

BOTH = pytest.mark.both_databases
HOLD = timedelta(minutes=15)


def tagged(people: Cast, comment: Comment, now: datetime, hold: timedelta = HOLD) -> Tag:
    with writing():
        (made,) = tag([comment], decided(people, now), people.bob.id, hold, now)
    return made


def test_a_tag_says_what_who_and_when(people: Cast, survey: Survey, now: datetime) -> None:
    made = tagged(people, said(survey, now), now)
    assert (made.tagged_by_id, made.tagged_at, made.release_at) == (people.bob.id, now, now + HOLD)
    assert (made.told_at, made.withdrawn_at) == (None, None)
    verbs = db.session.scalars(select(Event.verb).where(Event.subject_type == "comment")).all()
    assert verbs == ["comment.tagged"]


@BOTH
def test_the_hold_never_runs_past_the_promised_moment(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    (promise,) = promises_of(comment.response)
    for before, release in (
        (timedelta(minutes=5), promise.due_at),
        (timedelta(minutes=15), promise.due_at),
        (timedelta(hours=1), None),
    ):
        moment = promise.due_at - before
        made = tagged(people, comment, moment)
        assert made.release_at == (release or moment + HOLD)
    late = tagged(people, comment, promise.due_at + timedelta(hours=2))
    assert late.release_at == late.tagged_at, "a word that is late already waits for nothing"


@BOTH
def test_the_same_action_is_tagged_once_and_again_after_it_was_undone(
    people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        action = decided(people, now)
        first = tag([comment, comment], action, None, HOLD, now)
        second = tag([comment], action, None, HOLD, now)
    assert (len(first), len(second)) == (1, 0)
    with writing():
        undo(first[0], now)
        assert len(tag([comment], action, None, HOLD, now)) == 1


@BOTH
def test_the_database_itself_refuses_a_second_untold_tag(people: Cast, survey: Survey, now: datetime) -> None:
    made = tagged(people, said(survey, now), now)
    values = {
        "organisation_id": made.organisation_id,
        "comment_id": made.comment_id,
        "action_id": made.action_id,
    }
    with pytest.raises(IntegrityError), writing():
        db.session.add(Tag(**values, tagged_at=now, release_at=now))


@BOTH
@pytest.mark.parametrize(
    "wrong",
    [
        {"release_at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")},
        {"told_at": True, "withdrawn_at": True},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(
    people: Cast, survey: Survey, now: datetime, wrong: dict[str, object]
) -> None:
    made = tagged(people, said(survey, now), now)
    values = {name: now if value is True else value for name, value in wrong.items()}
    with pytest.raises(IntegrityError), writing():
        db.session.execute(update(Tag).where(Tag.id == made.id).values(values))


def test_many_at_once_of_which_some_have_it_already(people: Cast, survey: Survey, now: datetime) -> None:
    comments = [said(survey, now, f"word {n}", email=f"{n}@example.com") for n in range(4)]
    with writing():
        action = decided(people, now)
        tag(comments[:1], action, None, HOLD, now)
        made = tag(comments, action, None, HOLD, now)
    assert [t.comment_id for t in made] == [c.id for c in comments[1:]]


def test_a_withdrawn_action_tags_nothing(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    with writing():
        action = decided(people, now)
        action.withdrawn_at = now
    with pytest.raises(DomainError, match="This action was withdrawn"), writing():
        tag([comment], action, None, HOLD, now)
    assert db.session.query(Tag).count() == 0


@pytest.mark.parametrize("wish", ["declined_at", "erased_at", "history"])
def test_who_is_owed_nothing_is_promised_nothing(
    people: Cast, survey: Survey, now: datetime, wish: str
) -> None:
    comment = said(survey, now, wants="none")
    with writing():
        comment.response.declined_at = None
        setattr(comment.response, wish, True if wish == "history" else now)
    made = tagged(people, comment, now)
    assert made.release_at == now + HOLD
    assert promises_of(comment.response) == []


def test_a_comment_of_a_closed_survey_is_still_answered(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    with writing():
        close_survey(survey, now)
    tagged(people, comment, now, timedelta())
    compose_due(now)
    assert [p.ended_as for p in promises_of(comment.response)] == ["told"]


@BOTH
def test_who_was_told_before_is_promised_a_new_word(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    tagged(people, comment, now, timedelta())
    compose_due(now)
    later = now + timedelta(days=2)
    tagged(people, comment, later)
    first, second = promises_of(comment.response)
    assert (first.ended_as, second.because, second.is_open) == ("told", "more", True)
    assert second.due_at > later
