"""The comment on the desk: who said it, how far its loop is, its labels, and what was done about it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller

from core.db import db, writing
from followup.composing import compose_due
from followup.judging import Judgement, judge
from followup.receipts import compose_receipts
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, labelled, said, scored, theme
from tests.each import each
from tests.loop import decided, settled
from tests.pages import Page, get
from triage.commenting import comments_of
from triage.models import Action, Comment, Tag

HOLD = timedelta(minutes=15)
NEW = {
    "choice": "new",
    "kind": "done",
    "title": "Stronger boxes",
    "note_nl": "Wij gebruiken een stevigere doos.",
    "note_en": "We use a stronger box.",
}


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now)


def tags() -> list[Tag]:
    return list(db.session.scalars(select(Tag).order_by(Tag.id)))


def new(people: Cast, **values: str) -> dict[str, str]:
    return {**NEW, "owner": str(people.bob.id), "theme": "", **values}


def test_the_comment_its_person_and_what_is_owed(bob: Colleague, comment: Comment) -> None:
    page = get(bob, f"/comments/{comment.id}")
    assert page.heading == "Rita Ritsema"
    for words in (
        "The box was torn.",
        "Your order",
        "score 2",
        "How satisfied are you? 2",
        "Alice Adams",
        "Monday 30 November 2026",
        "by mail",
    ):
        assert words in page.words, words
    assert page.words.count(": not yet") == 3, "heard; neither acted, told nor agreed"


def test_the_list_stands_beside_it_with_its_filters(
    bob: Colleague, comment: Comment, survey: Survey, now: datetime
) -> None:
    other = said(survey, now, "Nobody called.", email="other@example.com")
    page = get(bob, f"/comments/{comment.id}?state=open")
    assert f"/comments/{other.id}?state=open" in page.links().values()
    assert page.links()["Inbox"] == "/inbox?state=open", "the way back"


def test_what_they_heard_stands_in_the_loop(
    bob: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    compose_receipts(now)
    with writing():
        settled(comment.response, decided(people, now), now)
    compose_due(now)
    words = get(bob, f"/comments/{comment.id}").words
    assert "it was done waiting to be sent" in words
    assert "the receipt waiting to be sent" in words


def test_the_words_of_a_verdict_stand_with_the_comment(bob: Colleague, survey: Survey, now: datetime) -> None:
    response = scored(survey, now)
    with writing():
        judge(response, Judgement(None, False, "Still nothing.", "n"), now)
    (bare,) = comments_of(response)
    words = get(bob, f"/comments/{bare.id}").words
    assert "No words: they said that it is not solved." in words
    assert "Still nothing. When they were told · not solved" in words


def test_labels_are_saved(bob: Colleague, people: Cast, comment: Comment) -> None:
    boxes = theme(people, "boxes", "Boxes")
    data = {
        "emotion": "angry",
        "themes": [str(boxes.id)],
        "assignee": str(people.bob.id),
        "new_theme": "Courier",
    }
    assert (
        bob.post(f"/comments/{comment.id}/labels?state=open", data=data).location
        == f"/comments/{comment.id}?state=open"
    )
    assert (comment.emotion, comment.assignee_id) == ("angry", people.bob.id)
    assert sorted(t.key for t in comment.themes) == ["boxes", "courier"]
    form = form_to(get(bob, f"/comments/{comment.id}"), f"/comments/{comment.id}/labels")
    assert (form["emotion"], form["assignee"]) == ("angry", str(people.bob.id)), "and shown again"


@pytest.mark.parametrize(
    "bad", [{"emotion": "furious"}, {"assignee": "99999"}, {"themes": "99999"}, {"new_theme": "x" * 61}]
)
def test_a_forged_label_is_refused_beside_its_field(
    bob: Colleague, people: Cast, comment: Comment, bad: dict[str, str]
) -> None:
    theme(people, "boxes", "Boxes")
    page = Page(bob.post(f"/comments/{comment.id}/labels", data={"emotion": "", "assignee": "", **bad}))
    assert page.status == 422
    assert set(page.errors()) == set(bad)
    assert comment.emotion is None


def test_themes_of_another_organisation_cannot_be_chosen(
    bob: Colleague, people: Cast, comment: Comment
) -> None:
    theirs = theme(people, "theirs", "Theirs")
    with writing():
        theirs.organisation_id = people.housing.id
    answer = bob.post(
        f"/comments/{comment.id}/labels", data={"emotion": "", "assignee": "", "themes": str(theirs.id)}
    )
    assert answer.status_code == 422
    assert comment.themes == []


def test_a_known_action_settles_it(bob: Colleague, people: Cast, comment: Comment, now: datetime) -> None:
    with writing():
        action = decided(people, now)
    answer = bob.post(f"/comments/{comment.id}/settlement", data={"choice": str(action.id)})
    assert (answer.status_code, answer.location) == (303, f"/comments/{comment.id}")
    assert [(t.comment_id, t.action_id, t.tagged_by_id, t.release_at) for t in tags()] == [
        (comment.id, action.id, people.bob.id, now + HOLD)
    ]


def test_a_new_action_settles_it_in_one_go(bob: Colleague, people: Cast, comment: Comment) -> None:
    assert bob.post(f"/comments/{comment.id}/settlement", data=new(people)).status_code == 303
    (tag,) = tags()
    assert (tag.comment_id, tag.action.title, tag.action.owner_id) == (
        comment.id,
        "Stronger boxes",
        people.bob.id,
    )


def test_one_action_answers_others_who_wrote_about_the_same(
    bob: Colleague, people: Cast, survey: Survey, comment: Comment, now: datetime
) -> None:
    boxes, days = theme(people, "boxes", "Boxes"), theme(people, "days", "Days")
    alike = labelled(said(survey, now, "Mine too.", email="too@example.com"), boxes)
    labelled(said(survey, now, "Too late.", email="late@example.com"), days)
    done = labelled(said(survey, now, "Mine as well, before.", email="before@example.com"), boxes)
    labelled(comment, boxes)
    with writing():
        settled(done.response, decided(people, now), now)
    page = get(bob, f"/comments/{comment.id}")
    boxes_to_tick = [
        e.attrib["value"] for e in page.tree.iter("input") if e.attrib.get("name") == "comment_ids"
    ]
    assert boxes_to_tick == [str(alike.id)], "who shares a theme and needs a person"
    bob.post(f"/comments/{comment.id}/settlement", data=new(people) | {"comment_ids": str(alike.id)})
    assert [t.comment_id for t in tags()[1:]] == [comment.id, alike.id]


def test_without_a_theme_it_says_how_to_find_others(bob: Colleague, comment: Comment) -> None:
    assert "Give this comment a theme" in get(bob, f"/comments/{comment.id}").words


@each(
    ("values", "field"),
    [
        ({"choice": ""}, "choice"),
        ({"choice": "99999"}, "choice"),
        ({"choice": "new", "title": ""}, "title"),
        ({"kind": "planned"}, "due_on"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "settle"])
def test_each_mistake_stands_beside_its_field(
    bob: Colleague, people: Cast, comment: Comment, values: dict[str, str], field: str, step: str
) -> None:
    page = Page(bob.post(f"/comments/{comment.id}/settlement", data=new(people) | values | {"step": step}))
    assert page.status == 422
    assert field in page.errors()
    assert form_to(page, f"/comments/{comment.id}/settlement")["note_en"] == NEW["note_en"], (
        "nothing that was typed is lost"
    )
    assert tags() == []


def test_an_action_is_found_by_its_words(
    bob: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    with writing():
        decided(people, now)
        decided(people, now, "wont_do", reason="Not on Sundays.")
    page = get(bob, f"/comments/{comment.id}?find=sunday")
    assert page.words.count("Stronger boxes") == 1
    assert "Nobody" not in get(bob, f"/comments/{comment.id}?find=%00%25").words


def test_a_withdrawn_action_is_refused_and_nothing_is_lost(
    bob: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    with writing():
        action = decided(people, now)
        action.withdrawn_at = now
    page = Page(bob.post(f"/comments/{comment.id}/settlement", data={"choice": str(action.id)}))
    assert page.status == 422
    assert "This action was withdrawn. Choose another one." in page.words


def test_the_hold_counts_down_with_two_buttons(
    bob: Colleague, people: Cast, comment: Comment, monday: Traveller, now: datetime
) -> None:
    bob.post(f"/comments/{comment.id}/settlement", data=new(people))
    page = get(bob, f"/comments/{comment.id}")
    (tag,) = tags()
    assert "goes out in 15 minutes Send now Undo" in page.words
    assert f'data-hold-until="{(now + HOLD).isoformat()}"' in page.html
    monday.shift(timedelta(minutes=14, seconds=30))
    assert "goes out in 1 minute " in get(bob, f"/comments/{comment.id}").words
    monday.shift(timedelta(minutes=1))
    assert "goes out with the next message" in get(bob, f"/comments/{tag.comment_id}").words


def test_what_one_click_did_can_be_undone_as_one(
    bob: Colleague, people: Cast, survey: Survey, comment: Comment, now: datetime
) -> None:
    other = said(survey, now, email="other@example.com")
    bob.post(f"/comments/{comment.id}/settlement", data=new(people) | {"comment_ids": str(other.id)})
    assert "Undo all 2" in get(bob, f"/comments/{comment.id}").words


def test_whoever_asked_not_to_be_told_is_told_nothing(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    silent = said(survey, now, wants="none")
    assert "They asked not to be told." in get(bob, f"/comments/{silent.id}").words
    bob.post(f"/comments/{silent.id}/settlement", data=new(people))
    assert compose_due(now + HOLD) == 0


def test_roles_and_strangers(
    bob: Colleague, vera: Colleague, charlie: Colleague, people: Cast, comment: Comment
) -> None:
    assert "What was done about it?" not in get(vera, f"/comments/{comment.id}").words, (
        "a viewer is offered nothing"
    )
    for path, data in (
        (f"/comments/{comment.id}/settlement", new(people)),
        (f"/comments/{comment.id}/labels", {"emotion": "angry"}),
    ):
        assert vera.post(path, data=data).status_code == 403
        assert charlie.post(path, data=data).status_code == 404
        assert bob.post(path.replace(str(comment.id), "9223372036854775808"), data=data).status_code == 404
    assert charlie.get(f"/comments/{comment.id}").status_code == 404
    assert tags() == []
    assert db.session.scalars(select(Action)).all() == []
