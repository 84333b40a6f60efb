"""How a comment sounds and what it is about: labels are replaced, themes are made once."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.models import Event
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import said, theme
from triage.labelling import Labels, label
from triage.models import Comment
from triage.themes.models import Theme

pytestmark = pytest.mark.both_databases


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now)


def put(comment: Comment, labels: Labels, now: datetime) -> Comment:
    with writing():
        label(comment, labels, now)
    return comment


def keys(comment: Comment) -> list[str]:
    return [t.key for t in comment.themes]


def test_labels_replace_the_labels_before(people: Cast, comment: Comment, now: datetime) -> None:
    boxes, days = theme(people, "boxes", "Boxes"), theme(people, "days", "Days")
    put(comment, Labels("angry", [boxes], people.bob.id), now)
    assert (comment.emotion, keys(comment), comment.assignee_id) == ("angry", ["boxes"], people.bob.id)
    put(comment, Labels(None, [days], None), now)
    assert (comment.emotion, keys(comment), comment.assignee_id) == (None, ["days"], None)


def test_a_new_theme_is_made_in_the_language_of_who_wrote_it(
    people: Cast, comment: Comment, now: datetime
) -> None:
    put(comment, Labels(None, [], None, "  Levertijd & doos ", "nl"), now)
    (made,) = comment.themes
    assert (made.key, made.name, made.organisation_id) == (
        "levertijd-doos",
        {"nl": "Levertijd & doos"},
        people.webshop.id,
    )


def test_the_same_name_is_the_same_theme(comment: Comment, now: datetime) -> None:
    put(comment, Labels(None, [], None, "Delivery time"), now)
    put(comment, Labels(None, list(comment.themes), None, "DELIVERY  time"), now)
    assert keys(comment) == ["delivery-time"]
    assert len(db.session.scalars(select(Theme)).all()) == 1


@pytest.mark.parametrize("name", ["x" * 300, "🙂", "-", "\u202eabc"])
def test_any_name_makes_a_theme_that_can_be_kept(comment: Comment, now: datetime, name: str) -> None:
    put(comment, Labels(None, [], None, name), now)
    assert 1 <= len(keys(comment)[0]) <= 40


def test_who_did_it_is_kept(comment: Comment, now: datetime) -> None:
    put(comment, Labels("happy", [], None), now)
    last = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert last is not None
    assert (last.verb, last.subject_id, last.detail) == (
        "comment.labelled",
        comment.id,
        {"emotion": "happy", "themes": 0},
    )
