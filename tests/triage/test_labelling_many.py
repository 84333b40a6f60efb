"""The same label for many comments; what is not chosen stays as it is."""

from datetime import datetime

import pytest

from core.db import db, writing
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import labelled, said, theme
from tests.pages import get
from triage import indexing, labelling_many
from triage.labelling_many import Chosen, label_many
from triage.models import Comment
from triage.themes.models import Theme


@pytest.fixture
def boxes(people: Cast) -> Theme:
    return theme(people, "boxes", "Boxes")


@pytest.fixture
def five(survey: Survey, now: datetime) -> list[Comment]:
    return [said(survey, now, f"Box {n}.", email=f"{n}@example.com") for n in range(5)]


@pytest.mark.both_databases
def test_each_gets_it_and_keeps_the_rest(
    people: Cast, five: list[Comment], boxes: Theme, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelling_many, "SLICE", 2)
    labelled(five[0], theme(people, "bells", "Bells"), emotion="angry")
    assert label_many(people.webshop.id, [c.id for c in five], Chosen(people.bob.id, boxes), now) == 5
    db.session.expire_all()
    assert {c.assignee_id for c in five} == {people.bob.id}
    assert [t.key for t in five[0].themes] == ["bells", "boxes"]
    assert (five[0].emotion, five[1].emotion) == ("angry", None)
    assert indexing.astray() == []


def test_once_more_adds_nothing_and_nobody_takes_it_away(
    people: Cast, five: list[Comment], boxes: Theme, now: datetime
) -> None:
    for _ in range(2):
        label_many(people.webshop.id, [five[0].id], Chosen(people.bob.id, boxes, "happy"), now)
    label_many(people.webshop.id, [five[0].id], Chosen("nobody"), now)
    db.session.expire_all()
    assert (five[0].assignee_id, five[0].emotion, [t.key for t in five[0].themes]) == (
        None,
        "happy",
        ["boxes"],
    )


def test_those_that_are_ticked_and_those_that_match(
    bob: Colleague, people: Cast, five: list[Comment], boxes: Theme
) -> None:
    ticked = {"comment_ids": [str(five[0].id), str(five[1].id)], "give_to": str(people.bob.id)}
    assert bob.post("/inbox/labels?q=box", data=ticked).location == "/inbox?q=box"
    assert "2 comments were labelled." in get(bob, "/inbox").words
    bob.post("/inbox/labels?assignee=nobody", data={"everything": "yes", "give_emotion": "worried"})
    db.session.expire_all()
    assert [c.emotion for c in five] == [None, None, "worried", "worried", "worried"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"give_to": "nobody"}, "Tick at least one comment."),
        ({"comment_ids": "1"}, "Choose whose they are, what they are about, or how they sound."),
        ({"comment_ids": "1", "give_emotion": "#open"}, "Choose whose they are"),
        ({"comment_ids": "1", "give_theme": "99"}, "Choose whose they are"),
        ({"comment_ids": "1", "give_to": "99"}, "This colleague does not work here any more."),
        ({"comment_ids": "1", "give_to": "x"}, "This colleague does not work here any more."),
        ({"comment_ids": "999", "give_to": "nobody"}, "Tick at least one comment."),
    ],
)
def test_what_cannot_be_done_says_why(
    bob: Colleague, five: list[Comment], sent: dict[str, str], sentence: str
) -> None:
    answer = bob.post("/inbox/labels", data=sent)
    assert answer.status_code >= 400
    assert sentence in answer.text


def test_a_strangers_comment_is_left_alone(charlie: Colleague, five: list[Comment]) -> None:
    assert (
        charlie.post("/inbox/labels", data={"comment_ids": str(five[0].id), "give_to": "nobody"}).status_code
        == 422
    )
    with writing():
        assert five[0].assignee_id is None
