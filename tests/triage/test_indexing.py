"""The line by which a comment is found says what its facts say, whatever was done and by whichever file."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from core.db import db, writing
from core.text import word_keys
from followup.sweeping import sweep
from promises.ending import end
from promises.opening import owe
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import labelled, said, scored, theme
from tests.loop import decided, settled
from triage import indexing
from triage.commenting import comments_of, reopen
from triage.inbox.marks import mark
from triage.models import Comment, Tag
from triage.models_index import CommentIndex
from triage.tagging import open_promise_of, undo

HOLD = timedelta(minutes=15)
BOTH = pytest.mark.both_databases


def line(comment: Comment) -> CommentIndex:
    db.session.expire_all()
    return db.session.get_one(CommentIndex, comment.id)


def tokens(comment: Comment) -> list[str]:
    return line(comment).tokens.split(" ")


@BOTH
def test_a_new_comment_stands_in_it_at_once(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now, "The box was TORN, the Box!")
    ours, asked = mark("organisation", people.webshop.id), mark("survey", survey.id)
    assert tokens(comment)[:2] == [ours, asked]
    assert tokens(comment)[-4:] == ["the", "box", "was", "torn"]
    assert line(comment).is_open
    assert line(comment).due_at is not None
    assert indexing.astray() == []


@BOTH
def test_it_follows_a_tag_its_undoing_and_what_comes_back(
    people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        action = decided(people, now)
        settled(comment.response, action, now, HOLD)
    assert not line(comment).is_open
    with writing():
        undo(db.session.scalars(select(Tag)).one(), now)
    assert line(comment).is_open
    with writing():
        settled(comment.response, action, now + HOLD)
        reopen(comment.response, "not_solved", now + 2 * HOLD)
    assert line(comment).is_open
    assert indexing.astray() == []


@BOTH
def test_it_follows_labels(people: Cast, survey: Survey, now: datetime) -> None:
    boxes = theme(people, "boxes", "Boxes")
    comment = labelled(said(survey, now), boxes, emotion="angry")
    assert {mark("theme", boxes.id), mark("emotion", "angry"), mark("assignee", 0)} <= set(tokens(comment))
    labelled(comment)
    assert not {mark("theme", boxes.id), mark("emotion", "angry")} & set(tokens(comment))


@BOTH
def test_it_follows_the_promise_and_who_answered(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    with writing():
        promise = open_promise_of(comment.response)
        assert promise
        end(promise, "told", now)
    assert line(comment).due_at is None
    with writing():
        again = owe(comment.response, "not_clear", now)
    assert line(comment).due_at == again.due_at
    with writing():
        comment.response.language = "fr"
    assert mark("language", "fr") in tokens(comment)


@BOTH
def test_a_bare_score_is_found_from_when_it_came_back(survey: Survey, now: datetime) -> None:
    response = scored(survey, now)
    assert db.session.scalars(select(CommentIndex)).all() == []
    with writing():
        reopen(response, "not_solved", now)
    (comment,) = comments_of(response)
    assert line(comment).is_open


def test_nothing_is_indexed_of_what_was_rolled_back(survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    with pytest.raises(RuntimeError), writing():
        _change_and_fail(comment)
    with writing():
        pass
    assert mark("emotion", "angry") not in tokens(comment)


def _change_and_fail(comment: Comment) -> None:
    comment.emotion = "angry"
    db.session.flush()
    raise RuntimeError


@BOTH
def test_a_sweep_finds_what_is_astray_and_mends_it(survey: Survey, now: datetime) -> None:
    gone, wrong = said(survey, now, email="a@example.com"), said(survey, now, email="b@example.com")
    with writing():
        db.session.execute(delete(CommentIndex).where(CommentIndex.comment_id == gone.id))
        db.session.execute(
            update(CommentIndex).where(CommentIndex.comment_id == wrong.id).values(is_open=False)
        )
    assert sorted(indexing.astray()) == [gone.id, wrong.id]
    assert sweep(now) == 2
    assert indexing.astray() == []
    assert sweep(now) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Één café, ÉÉN", ["een", "cafe"]),
        ("Cafe\u0301", ["cafe"]),
        ("Stra\u00dfe IJsland", ["strasse", "ijsland"]),
        ("100% x_y a-b", ["100", "x", "y", "a", "b"]),
        ("\u9000\u6b3e now", ["\u9000", "\u6b3e", "now"]),
        ("\U0001f600" * 5000, []),
        ("", []),
        ("a" * 90, ["a" * 60]),
    ],
)
def test_words_are_compared_without_case_accents_and_signs(text: str, words: list[str]) -> None:
    assert word_keys(text) == words


def test_what_people_type_is_never_a_mark(survey: Survey, now: datetime) -> None:
    comment = said(survey, now, "#open #s1 #o1")
    assert tokens(comment)[-3:] == ["open", "s1", "o1"]
