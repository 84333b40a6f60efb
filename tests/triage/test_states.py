"""A comment's state is one rule in two languages: whatever happened to it, Python and SQL say the same."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, settled
from triage.commenting import comments_of, on_response, reopen
from triage.inbox.filters import STATES
from triage.models import Comment, Tag
from triage.states import in_state
from triage.tagging import send_now, undo

BOTH = pytest.mark.both_databases
HOLD = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
COURSES = (
    "", "tag", "tag wait", "tag undo", "tag undo tag", "tag wait reopen", "tag wait reopen tag", "tag wait reopen tag wait", "tag reopen", "reopen",
    "reopen tag", "tag send", "tag other", "tag wait other", "tag other undo", "tag wait other undo", "tag undo other wait", "tag wait reopen other send",
)  # fmt: skip


class Course:
    """What is done to one comment, a minute apart, in words."""

    def __init__(self, comment: Comment, people: Cast, now: datetime) -> None:
        self.comment, self.now = comment, now
        with writing():
            self.actions = {"tag": decided(people, now), "other": decided(people, now)}

    def go(self, words: str) -> None:
        for word in words.split():
            self.now += MINUTE
            with writing():
                self._step(word)

    def _step(self, word: str) -> None:
        if word in self.actions:
            settled(self.comment.response, self.actions[word], self.now, HOLD)
        elif word == "wait":
            self.now += HOLD
        elif word == "undo":
            undo(self.tags[-1], self.now)
        elif word == "send":
            send_now(self.tags, self.now)
        else:
            reopen(self.comment.response, "said", self.now)

    @property
    def tags(self) -> list[Tag]:
        return list(db.session.scalars(select(Tag).where(Tag.comment_id == self.comment.id).order_by(Tag.id)))


@BOTH
def test_python_and_sql_agree_after_every_course(
    people: Cast, survey: Survey, now: datetime, subtests: pytest.Subtests
) -> None:
    for n, words in enumerate(COURSES):
        comment = said(survey, now, words or "nothing", email=f"{n}@example.com")
        course = Course(comment, people, now)
        course.go(words)
        for moment in (course.now, course.now + HOLD - MINUTE, course.now + HOLD, course.now + 3 * HOLD):
            with subtests.test(f"{words} at {moment - course.now}"):
                db.session.expire_all()
                found = [
                    s
                    for s in STATES
                    if comment.id in db.session.scalars(select(Comment.id).where(in_state(s, moment)))
                ]
                assert found == [comment.state(moment)]


@pytest.mark.parametrize(("words", "state"), [
    ("", "open"), ("tag", "held"), ("tag wait", "settled"), ("tag undo", "open"), ("tag send", "settled"), ("tag wait reopen", "open"),
    ("tag wait reopen tag", "held"), ("tag wait other", "held"), ("tag wait other undo", "settled"), ("reopen tag wait", "settled"),
])  # fmt: skip
def test_where_a_course_leads(people: Cast, survey: Survey, now: datetime, words: str, state: str) -> None:
    comment = said(survey, now)
    course = Course(comment, people, now)
    course.go(words)
    assert comment.state(course.now) == state


def test_a_hold_ends_at_its_very_moment(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    course = Course(comment, people, now)
    course.go("tag")
    end = course.tags[0].release_at
    assert [comment.state(end - timedelta(microseconds=1)), comment.state(end)] == ["held", "settled"]


def test_what_was_tagged_in_the_moment_it_came_back_does_not_count(
    people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        settled(comment.response, decided(people, now), now)
        reopen(comment.response, "said", now)
    assert comment.state(now + HOLD) == "open"


@pytest.mark.parametrize(("values", "comments"), [
    ({}, 1), ({"history": True}, 0), ({"wants": "none"}, 1), ({"suspect": True}, 1), ({"comment": ""}, 0), ({"comment": " \n "}, 1),
])  # fmt: skip
def test_what_becomes_work(survey: Survey, now: datetime, values: dict[str, object], comments: int) -> None:
    from tests.loop import answered

    with writing():
        response = answered(survey, now, str(values.pop("comment", "The box was torn.")), **values)
    assert len(comments_of(response)) == comments


def test_a_test_is_no_work(survey: Survey, now: datetime) -> None:
    from tests.loop import answered

    with writing():
        response = answered(survey, now, "")
        response.is_test = True
        on_response(response, now)
    assert comments_of(response) == []


@BOTH
def test_a_bare_score_that_comes_back_becomes_one_comment_however_often(
    survey: Survey, now: datetime
) -> None:
    from tests.desk import scored

    response = scored(survey, now)
    for n in range(3):
        with writing():
            reopen(response, "not solved", now + n * MINUTE)
    (comment,) = comments_of(response)
    assert (comment.answer_id, comment.text, comment.reopened_at) == (None, "", now + 2 * MINUTE)
