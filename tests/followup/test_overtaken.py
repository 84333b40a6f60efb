"""Two people on one comment: who is later is told what the other did, keeps what they typed, and chooses."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from core.db import db, writing
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.desk import form_to, labelled, said, theme
from tests.loop import decided
from tests.pages import Page, get
from triage.models import Action, Comment, Tag

QUICKER = "Somebody else was quicker"
NEW = {
    "choice": "new", "kind": "done", "title": "Thicker tape", "note_nl": "Wij plakken met dikker plakband.",
    "note_en": "We use thicker tape.", "done_on": "2026-11-20",
}  # fmt: skip


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now)


@pytest.fixture
def boxes(people: Cast, now: datetime) -> Action:
    with writing():
        return decided(people, now)


def settlement(comment: Comment) -> str:
    return f"/comments/{comment.id}/settlement"


def opened(colleague: Colleague, comment: Comment, to: str = "settlement") -> dict[str, str]:
    """The form as it stands on the page that this colleague opens now."""
    return without_token(form_to(get(colleague, f"/comments/{comment.id}"), f"/comments/{comment.id}/{to}"))


def without_token(form: dict[str, str]) -> dict[str, str]:
    """These browsers send it by themselves."""
    return {name: value for name, value in form.items() if name != "csrf_token"}


def live(comment: Comment) -> list[str]:
    tags = select(Tag).where(Tag.comment_id == comment.id, Tag.withdrawn_at.is_(None)).order_by(Tag.id)
    return [t.action.title for t in db.session.scalars(tags)]


def test_who_settles_second_reads_who_did_what_and_when_and_nothing_is_lost(
    alice: Colleague, bob: Colleague, comment: Comment, boxes: Action, people: Cast
) -> None:
    page = opened(alice, comment)
    bob.post(settlement(comment), data={**opened(bob, comment), "choice": str(boxes.id)})
    answer = Page(
        alice.post(settlement(comment), data={**page, **NEW, "owner": str(people.alice.id), "theme": ""})
    )
    assert answer.status == 409
    for words in (QUICKER, "Bob Bakker: The action “Stronger boxes” was chosen", "23 November 2026, 10:30"):
        assert words in answer.words, words
    kept = form_to(answer, settlement(comment))
    assert {name: kept[name] for name in NEW} == NEW
    assert live(comment) == ["Stronger boxes"]


def test_she_says_hers_as_well(
    alice: Colleague, bob: Colleague, comment: Comment, boxes: Action, people: Cast
) -> None:
    assert overtaken_then(alice, bob, comment, boxes, people, "also").status_code == 303
    assert live(comment) == ["Stronger boxes", "Thicker tape"]


def test_she_says_hers_instead(
    alice: Colleague, bob: Colleague, comment: Comment, boxes: Action, people: Cast
) -> None:
    assert overtaken_then(alice, bob, comment, boxes, people, "instead").status_code == 303
    assert live(comment) == ["Thicker tape"]
    history = get(alice, f"/comments/{comment.id}").words
    assert "An action was undone Alice Adams" in history


def test_she_leaves_it_as_it_is_by_a_link(
    alice: Colleague, bob: Colleague, comment: Comment, boxes: Action
) -> None:
    page = opened(alice, comment)
    bob.post(settlement(comment), data={**opened(bob, comment), "choice": str(boxes.id)})
    answer = Page(alice.post(settlement(comment), data={**page, **NEW}))
    assert answer.links()["Leave it as it is now, and drop mine"] == f"/comments/{comment.id}"


def overtaken_then(
    alice: Colleague, bob: Colleague, comment: Comment, boxes: Action, people: Cast, choice: str
) -> TestResponse:
    page = {**opened(alice, comment), **NEW, "owner": str(people.alice.id), "theme": ""}
    bob.post(settlement(comment), data={**opened(bob, comment), "choice": str(boxes.id)})
    shown = form_to(Page(alice.post(settlement(comment), data=page)), settlement(comment))
    return alice.post(settlement(comment), data={**shown, "meanwhile": choice})


def test_what_was_chosen_goes_through_the_preview(
    alice: Colleague, bob: Colleague, comment: Comment, boxes: Action, people: Cast
) -> None:
    page = {**opened(alice, comment), **NEW, "owner": str(people.alice.id), "theme": "", "step": "preview"}
    bob.post(settlement(comment), data={**opened(bob, comment), "choice": str(boxes.id)})
    stopped = Page(alice.post(settlement(comment), data=page))
    assert (stopped.status, QUICKER in stopped.words) == (409, True), "before anything is read in vain"
    shown = form_to(stopped, settlement(comment))
    preview = Page(alice.post(settlement(comment), data={**shown, "meanwhile": "instead", "step": "preview"}))
    assert preview.heading == "What they will read"
    assert alice.post(settlement(comment), data={**preview.form(), "step": "settle"}).status_code == 303
    assert live(comment) == ["Thicker tape"]


def test_what_happens_after_the_choice_is_asked_about_too(
    alice: Colleague, bob: Colleague, comment: Comment, boxes: Action, people: Cast, now: datetime
) -> None:
    page = {**opened(alice, comment), **NEW, "owner": str(people.alice.id), "theme": ""}
    bob.post(settlement(comment), data={**opened(bob, comment), "choice": str(boxes.id)})
    shown = form_to(Page(alice.post(settlement(comment), data=page)), settlement(comment))
    with writing():
        other = decided(people, now, kind="thanks")
        other.title = "A word of thanks"
    bob.post(settlement(comment), data={**opened(bob, comment), "choice": str(other.id)})
    again = Page(alice.post(settlement(comment), data={**shown, "meanwhile": "also"}))
    assert again.status == 409
    assert "The action “A word of thanks” was chosen" in again.words
    assert live(comment) == ["Stronger boxes", "A word of thanks"]


def test_what_was_told_meanwhile_can_be_added_to_and_not_undone(
    alice: Colleague,
    bob: Colleague,
    comment: Comment,
    boxes: Action,
    people: Cast,
    monday: Traveller,
    now: datetime,
) -> None:
    page = {**opened(alice, comment), **NEW, "owner": str(people.alice.id), "theme": ""}
    bob.post(settlement(comment), data={**opened(bob, comment), "choice": str(boxes.id)})
    shown = form_to(Page(alice.post(settlement(comment), data=page)), settlement(comment))
    monday.move_to(now + timedelta(minutes=16))
    with writing():
        db.session.scalars(select(Tag)).one().told_at = now + timedelta(minutes=15)
    late = Page(alice.post(settlement(comment), data={**shown, "meanwhile": "instead"}))
    assert late.status == 409
    assert "This was told already. It can be corrected, not undone." in late.words
    kept = form_to(late, settlement(comment))
    assert kept["title"] == "Thicker tape"
    assert 'value="instead"' not in late.html, "it is not offered any more"
    assert alice.post(settlement(comment), data={**kept, "meanwhile": "also"}).status_code == 303


def test_instead_is_not_offered_where_part_of_it_was_told(
    alice: Colleague, bob: Colleague, comment: Comment, boxes: Action, people: Cast, now: datetime
) -> None:
    page = {**opened(alice, comment), **NEW, "owner": str(people.alice.id), "theme": ""}
    with writing():
        other = decided(people, now, kind="thanks")
    for action in (boxes, other):
        bob.post(settlement(comment), data={"choice": str(action.id)})
    shown = Page(alice.post(settlement(comment), data=page))
    assert 'value="instead"' in shown.html
    with writing():
        db.session.scalars(select(Tag)).first().told_at = now  # type: ignore[union-attr]
    shown = Page(alice.post(settlement(comment), data=page))
    assert ('value="instead"' in shown.html, 'value="also"' in shown.html) == (False, True)


def test_what_she_did_in_another_window_is_no_news_to_her(
    alice: Colleague, comment: Comment, boxes: Action
) -> None:
    page = opened(alice, comment)
    alice.post(f"/comments/{comment.id}/labels", data={"emotion": "angry", "assignee": ""})
    assert alice.post(settlement(comment), data={**page, "choice": str(boxes.id)}).status_code == 303


def test_a_page_that_carries_no_mark_is_taken_as_it_is(
    bob: Colleague, comment: Comment, boxes: Action
) -> None:
    for forged in (
        {},
        {"seen": "nonsense"},
        {"seen": f"{comment.id}:-1"},
        {"seen": f"{10**30}:1"},
        {"seen": f"{comment.id}:{2**62}"},
    ):
        assert bob.post(settlement(comment), data={"choice": str(boxes.id), **forged}).status_code == 303


def test_another_comment_that_was_ticked_and_answered_meanwhile_stays_ticked(
    alice: Colleague, bob: Colleague, survey: Survey, boxes: Action, people: Cast, now: datetime
) -> None:
    torn = theme(people, "boxes", "Boxes")
    mine, other = (labelled(said(survey, now, f"Torn {n}", email=f"r{n}@example.com"), torn) for n in (1, 2))
    page = {**opened(alice, mine), **NEW, "owner": str(people.alice.id), "theme": ""}
    bob.post(settlement(other), data={**opened(bob, other), "choice": str(boxes.id)})
    answer = alice.post(
        settlement(mine), data=MultiDict([*pairs(mine, other, page), ("comment_ids", str(other.id))])
    )
    shown = Page(answer)
    assert (shown.status, QUICKER in shown.words, "Torn 2" in shown.words) == (409, True, True)
    assert f'value="{other.id}" checked' in shown.html
    assert live(mine) == []


def pairs(mine: Comment, other: Comment, page: dict[str, str]) -> list[tuple[str, str]]:
    """As a browser sends it: a mark for each comment on the page, of which neither had a history yet."""
    return [
        *((n, v) for n, v in page.items() if n != "seen"),
        ("seen", f"{mine.id}:0"),
        ("seen", f"{other.id}:0"),
    ]


def test_a_message_to_one_person_is_held_back_in_the_same_way(
    alice: Colleague, bob: Colleague, comment: Comment, boxes: Action, people: Cast
) -> None:
    to = f"/comments/{comment.id}/message"
    page = {
        **form_to(get(alice, to), to),
        "kind": "thanks",
        "note_en": "Thank you for the picture of the box.",
    }
    bob.post(settlement(comment), data={**opened(bob, comment), "choice": str(boxes.id)})
    shown = Page(alice.post(to, data={**page, "step": "preview"}))
    assert (shown.status, QUICKER in shown.words) == (409, True)
    kept = form_to(shown, to)
    assert kept["note_en"] == page["note_en"]
    assert alice.post(to, data={**kept, "meanwhile": "instead", "step": "settle"}).status_code == 303
    assert live(comment) == ["Message to one person"]


@pytest.mark.parametrize(
    ("choice", "themes", "emotion"), [("also", {"boxes", "days"}, "happy"), ("instead", {"days"}, "happy")]
)
def test_labels_that_both_change(
    alice: Colleague,
    bob: Colleague,
    comment: Comment,
    people: Cast,
    choice: str,
    themes: set[str],
    emotion: str,
) -> None:
    torn, days = theme(people, "boxes", "Boxes"), theme(people, "days", "Days")
    to = f"/comments/{comment.id}/labels"
    hers = {**opened(alice, comment, "labels"), "emotion": "happy", "themes": str(days.id)}
    bob.post(to, data={**opened(bob, comment, "labels"), "emotion": "angry", "themes": str(torn.id)})
    shown = Page(alice.post(to, data=hers))
    assert (shown.status, "Bob Bakker: Labels were changed" in shown.words) == (409, True)
    assert {t.key for t in comment.themes} == {"boxes"}
    kept = form_to(shown, to)
    assert (kept["emotion"], kept["themes"]) == ("happy", str(days.id))
    assert alice.post(to, data={**kept, "meanwhile": choice}).status_code == 303
    assert ({t.key for t in comment.themes}, comment.emotion) == (themes, emotion)


def test_one_click_does_not_take_the_place_of_what_a_colleague_said_meanwhile(
    alice: Colleague, bob: Colleague, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now, "I am furious about this.")
    to = f"/comments/{comment.id}/emotion"
    mark = form_to(get(alice, f"/comments/{comment.id}"), to)["seen"]
    bob.post(to, data={"emotion": "worried", "seen": mark})
    page = Page(alice.post(to, data={"emotion": "angry", "seen": mark}, follow_redirects=True))
    assert "Bob Bakker labelled it meanwhile, as you see it now. Your choice was: angry." in page.words
    assert comment.emotion == "worried"


def test_saying_how_it_sounds_does_not_stop_who_labels_what_it_is_about_when_it_was_before(
    alice: Colleague, bob: Colleague, comment: Comment, boxes: Action
) -> None:
    page = opened(alice, comment, "labels")
    bob.post(settlement(comment), data={**opened(bob, comment), "choice": str(boxes.id)})
    assert alice.post(f"/comments/{comment.id}/labels", data=page).status_code == 303, (
        "only labels change labels"
    )


@pytest.mark.both_databases
def test_of_two_at_the_same_moment_exactly_one_is_asked(
    app: Flask, people: Cast, survey: Survey, comment: Comment, boxes: Action, now: datetime, monday: object
) -> None:
    with writing():
        tape = decided(people, now, kind="thanks")
    page, to, ready = opened(signed_in(app, people.alice), comment), settlement(comment), threading.Barrier(2)
    sent = [(signed_in(app, people.alice), str(boxes.id)), (signed_in(app, people.bob), str(tape.id))]
    statuses: list[int] = []

    def settle(colleague: Colleague, choice: str) -> None:
        ready.wait(10)
        statuses.append(colleague.post(to, data={**page, "choice": choice}).status_code)

    at_once([partial(settle, *one) for one in sent])
    assert sorted(statuses) == [303, 409]
    db.session.rollback()
    assert len(live(comment)) == 1


def at_once(those: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in those]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


def test_of_many_that_are_ticked_those_that_a_colleague_answered_meanwhile_are_taken_out(
    alice: Colleague, bob: Colleague, survey: Survey, boxes: Action, people: Cast, now: datetime
) -> None:
    torn = [said(survey, now, f"Torn {n}", email=f"r{n}@example.com") for n in range(3)]
    with writing():
        thanks = decided(people, now, kind="thanks")
    page = get(alice, "/inbox")
    marks = [e.attrib["value"] for e in page.tree.iter("input") if e.attrib.get("name") == "seen"]
    assert len(marks) == len(torn)
    bob.post(settlement(torn[1]), data={**opened(bob, torn[1]), "choice": str(boxes.id)})
    sent = [("action_id", str(thanks.id)), *(("seen", mark) for mark in marks)]
    ticked = [("comment_ids", str(comment.id)) for comment in torn]
    for address in ("/tags/preview", "/tags"):
        answer = Page(alice.post(address, data=MultiDict([*sent, *ticked])))
        assert answer.status == 409
        assert (
            "Bob Bakker answered 1 of these meanwhile. It is not ticked any more; tick it again"
            in answer.words
        )
        boxes_ticked = {
            e.attrib["value"]
            for e in answer.tree.iter("input")
            if e.attrib.get("name") == "comment_ids" and "checked" in e.attrib
        }
        assert boxes_ticked == {str(torn[0].id), str(torn[2].id)}
        assert f'<option value="{thanks.id}" selected' in answer.html, "and what she chose is kept"
    again = [("seen", e.attrib["value"]) for e in answer.tree.iter("input") if e.attrib.get("name") == "seen"]
    assert alice.post("/tags", data=MultiDict([sent[0], *again, *ticked])).status_code == 303, (
        "she ticked it again"
    )
    assert live(torn[1]) == ["Stronger boxes", "Stronger boxes"]
