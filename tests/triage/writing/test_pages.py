"""Where staff type public words: what blocks comes back with all that was typed, and is kept only for a reason with a name to it."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, writing
from core.models import Event
from followup.composing import compose_due
from followup.receipts import compose_receipts
from surveys.models import Round, Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, promises_of, settled
from tests.pages import Page, get
from triage.models import Action

PLAN = {
    "kind": "planned",
    "title": "A second till",
    "due_on": "2026-12-04",
    "note_nl": "",
    "note_en": "Bob will place it soon.",
    "theme": "",
}
REASON = "The lawyers want it so."


def sent(bob: Colleague, people: Cast, **values: str) -> Page:
    return Page(bob.post("/actions", data={**PLAN, "owner": str(people.bob.id), **values}))


def overrulings() -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.verb == "words.overruled")))


def actions() -> list[Action]:
    return list(db.session.scalars(select(Action)))


def test_vague_words_block_and_nothing_typed_is_lost(bob: Colleague, people: Cast) -> None:
    page = sent(bob, people)
    assert (page.status, actions()) == (422, [])
    assert page.form()["note_en"] == PLAN["note_en"]
    assert page.form()["title"] == PLAN["title"]
    assert page.errors() == {"note_en": "Mend what is marked, or say below why it stays."}


def test_each_finding_says_which_words_why_and_what_instead(bob: Colleague, people: Cast) -> None:
    words = sent(bob, people).words
    assert (
        "soon blocks Nobody knows when this is. Name the day; it may be a safe one. Instead: by {due_on}"
        in words
    )


def test_the_field_for_a_reason_comes_only_when_something_blocks(bob: Colleague, people: Cast) -> None:
    assert "overrule" not in get(bob, "/actions/new").form()
    assert "overrule" in sent(bob, people).form()


def test_the_alternative_can_be_put_in(bob: Colleague, people: Cast) -> None:
    page = sent(bob, people)
    (button,) = [e for e in page.tree.iter("button") if "data-put" in e.attrib]
    told = button.attrib
    start, end = int(told["data-from"]), int(told["data-to"])
    mended = PLAN["note_en"][:start] + told["data-instead"] + PLAN["note_en"][end:]
    assert mended == "Bob will place it by {due_on}."
    assert sent(bob, people, note_en=mended).status == 303


def test_with_a_reason_they_are_kept_and_the_reason_with_who_and_when(
    bob: Colleague, people: Cast, now: datetime
) -> None:
    page = sent(bob, people, overrule=REASON)
    (action,) = actions()
    (event,) = overrulings()
    assert (page.status, action.overrule) == (303, REASON)
    assert (event.subject_type, event.subject_id, event.detail) == ("action", action.id, {"reason": REASON})
    assert (event.actor, event.at) == ("Bob Bakker", now)
    assert (
        f"Words were kept against the writing aid, because: {REASON} Bob Bakker"
        in get(bob, f"/actions/{action.id}").words
    )


def test_a_reason_without_need_is_not_kept(bob: Colleague, people: Cast) -> None:
    sent(bob, people, note_en="Bob will place it on {due_on}.", overrule=REASON)
    assert ([a.overrule for a in actions()], overrulings()) == ([""], [])


def test_a_warning_blocks_nothing(bob: Colleague, people: Cast) -> None:
    assert sent(bob, people, note_en="The till comes on {due_on}.").status == 303


def test_a_no_without_cheer(bob: Colleague, people: Cast) -> None:
    no = {
        "kind": "wont_do",
        "due_on": "",
        "note_en": "Great news! No second till.",
        "reason": "The hall is too narrow.",
    }
    page = sent(bob, people, **no)
    assert page.status == 422
    assert "Good cheer around a no" in page.words
    assert sent(bob, people, **{**no, "note_en": "We will not place a second till."}).status == 303


def test_the_reason_of_a_no_is_read_too(bob: Colleague, people: Cast) -> None:
    no = {
        "kind": "wont_do",
        "due_on": "",
        "note_en": "We will not place a second till.",
        "reason": "We'll look into it.",
    }
    page = sent(bob, people, **no)
    assert set(page.errors()) == {"reason"}
    assert "This sounds like a promise" in page.words


def test_findings_appear_while_somebody_types(bob: Colleague) -> None:
    answer = bob.post(
        "/writing/findings", data={"aid_field": "note_en", "aid_language": "en", "note_en": "It comes soon."}
    )
    assert answer.status_code == 200
    assert "<mark>soon</mark>" in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"kind": "planned"}, "Nobody is named."),
        ({"kind": "planned", "due_on": "not a day", "owner": "x"}, "Nobody is named."),
        ({"kind": "wont_do", "note_en": "Great news: no."}, "Good cheer"),
        ({"kind": "done", "note_en": "How lovely!", "aid_emotion": "angry"}, "This opens with joy"),
        ({"kind": "nonsense", "aid_emotion": "nonsense", "note_en": "It comes soon."}, "Nobody knows when"),
    ],
)
def test_what_the_rest_of_the_form_says_counts(bob: Colleague, more: dict[str, str], expected: str) -> None:
    sent = {"aid_field": "note_en", "aid_language": "en", "note_en": "The lamp is replaced.", **more}
    assert expected in bob.post("/writing/findings", data=sent).text


def test_a_language_that_is_not_ours_is_refused(bob: Colleague) -> None:
    assert (
        bob.post("/writing/findings", data={"aid_field": "note_fr", "aid_language": "fr"}).status_code == 422
    )


def test_nothing_is_kept_while_somebody_types(bob: Colleague) -> None:
    bob.post(
        "/writing/findings", data={"aid_field": "note_en", "aid_language": "en", "note_en": "It comes soon."}
    )
    assert (actions(), overrulings()) == ([], [])


def test_at_a_comment_its_emotion_goes_along(bob: Colleague, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    with writing():
        comment.emotion = "angry"
    assert "aid_emotion&#34;: &#34;angry" in get(bob, f"/comments/{comment.id}").html


def test_the_reason_of_a_later_date_is_read(
    bob: Colleague, survey: Survey, people: Cast, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        plan = decided(people, now, "planned")
        settled(comment.response, plan, now)
    compose_due(now)
    later = {"due_on": "2026-12-04", "reason_nl": "", "reason_en": "The supplier does its part soon."}
    assert Page(bob.post(f"/actions/{plan.id}/moves", data=later)).errors().keys() == {"reason_en"}
    assert bob.post(f"/actions/{plan.id}/moves", data=later | {"overrule": REASON}).status_code == 303
    assert [e.subject_type for e in overrulings()] == ["action"]


def test_a_word_in_between_is_read(bob: Colleague, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    compose_receipts(now)
    promise = promises_of(comment.response)[0]
    vague = "Het komt binnenkort." if comment.response.language == "nl" else "It comes soon."
    word = {"words": vague, "next_on": "2026-12-04"}
    page = Page(bob.post(f"/promises/{promise.id}/progress", data=word))
    assert page.errors().keys() == {"words"}
    assert "4 December" in page.words or "4 december" in page.words, "the next date is the alternative"


def test_a_digest_is_read(bob: Colleague, survey: Survey, now: datetime) -> None:
    said(survey, now)
    round = db.session.scalars(select(Round)).one()
    vague = {f"words_{x}": {"nl": "Binnenkort meer.", "en": "More soon."}[x] for x in survey.languages}
    page = Page(bob.post(f"/rounds/{round.id}/digest", data=vague))
    assert page.errors().keys() == set(vague)
    assert bob.post(f"/rounds/{round.id}/digest", data=vague | {"overrule": REASON}).status_code == 303
    assert [e.subject_type for e in overrulings()] == ["round"]


def test_words_that_are_hostile_are_words(bob: Colleague, app: Flask) -> None:
    told = {"aid_field": "note_en", "aid_language": "en", "note_en": "<script>alert(1)</script> soon"}
    assert "<script>" not in bob.post("/writing/findings", data=told).text
