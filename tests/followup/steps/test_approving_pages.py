"""Words that are read first, on pages and for programs: seen beforehand, decided by a manager, and written again with nothing lost."""

from datetime import datetime

import pytest
from sqlalchemy import select

from accounts import keys
from core.access import Role
from core.db import db, writing
from followup.models import LargeStep
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, said
from tests.pages import Page, get
from triage.models import Action, Comment, Tag

WORDS = {
    "choice": "new",
    "kind": "done",
    "title": "Stronger boxes",
    "note_en": "We now use a stronger box.",
    "check_back": "28",
    "theme": "",
    "thanks_to": "",
}


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    with writing():
        survey.approves_words = True
    return said(survey, now)


def settle(bob: Colleague, comment: Comment, people: Cast, step: str = "settle", **more: str) -> Page:
    typed = {**WORDS, "owner": str(people.bob.id), "step": step, **more}
    return Page(bob.post(f"/comments/{comment.id}/settlement", data=typed, follow_redirects=True))


def the_step() -> LargeStep:
    return db.session.scalars(select(LargeStep).order_by(LargeStep.id.desc())).first() or LargeStep()


def test_the_preview_says_that_a_manager_reads_it_first(
    bob: Colleague, alice: Colleague, people: Cast, comment: Comment
) -> None:
    assert "a manager reads it first" in settle(bob, comment, people, "preview").words
    assert "a manager reads it first" not in settle(alice, comment, people, "preview").words


def test_it_waits_and_the_manager_finds_it_on_top_of_the_inbox(
    bob: Colleague, alice: Colleague, people: Cast, comment: Comment
) -> None:
    page = settle(bob, comment, people)
    assert "A manager reads your words first: nobody is told before." in page.words
    assert "waits for a manager" in page.words
    assert "Action taken: Stronger boxes" in get(alice, "/inbox").words
    step = get(alice, f"/large-steps/{the_step().id}")
    assert "We now use a stronger box." in step.words
    assert "Approve: write to 1 person" in step.words
    assert "A usual day" not in step.words


def test_approved_it_is_told(bob: Colleague, alice: Colleague, people: Cast, comment: Comment) -> None:
    settle(bob, comment, people)
    page = Page(alice.post(f"/large-steps/{the_step().id}/approval", follow_redirects=True))
    assert "Approved. They are told now." in page.words
    assert not db.session.scalars(select(Tag)).one().awaits_manager


def test_sent_back_the_agent_reads_why_and_writes_it_again_with_nothing_lost(
    bob: Colleague, alice: Colleague, people: Cast, comment: Comment
) -> None:
    settle(bob, comment, people, personal="Thank you, Rita.")
    alice.post(f"/large-steps/{the_step().id}/refusal", data={"reason": "Say since when."})
    top = get(bob, "/inbox").words
    assert "sent back" in top
    assert "Alice Adams: Say since when." in top
    page = get(bob, f"/large-steps/{the_step().id}")
    assert "Why it was sent back" in page.words
    assert "We now use a stronger box." in page.words
    again = Page(
        bob.post(
            f"/comments/{comment.id}/settlement", data=form_to(page, f"/comments/{comment.id}/settlement")
        )
    )
    assert again.status == 200
    kept = form_to(again, f"/comments/{comment.id}/settlement")
    assert kept.items() >= {**WORDS, "personal": "Thank you, Rita.", "owner": str(people.bob.id)}.items()


def test_a_message_to_one_person_that_was_sent_back_opens_on_its_own_page(
    bob: Colleague, alice: Colleague, people: Cast, comment: Comment
) -> None:
    typed = {
        "kind": "done",
        "note_en": "Dear Rita, it is mended.",
        "owner": str(people.bob.id),
        "check_back": "28",
    }
    page = Page(
        bob.post(f"/comments/{comment.id}/message", data={**typed, "step": "settle"}, follow_redirects=True)
    )
    assert "A manager reads your words first" in page.words
    alice.post(f"/large-steps/{the_step().id}/refusal", data={"reason": "Warmer."})
    sent_back = get(bob, f"/large-steps/{the_step().id}")
    fields = form_to(sent_back, f"/comments/{comment.id}/message")
    again = Page(bob.post(f"/comments/{comment.id}/message", data=fields))
    assert "Dear Rita, it is mended." in again.words


def test_a_viewer_reads_it_and_decides_nothing(
    vera: Colleague, bob: Colleague, people: Cast, comment: Comment
) -> None:
    settle(bob, comment, people)
    page = get(vera, f"/large-steps/{the_step().id}")
    assert "A manager decides; until then nobody is told." in page.words
    assert vera.post(f"/large-steps/{the_step().id}/approval").status_code == 403


def test_for_programs_it_waits_unless_their_key_is_a_managers(
    bob: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    with writing():
        secrets = {r: keys.create(people.webshop.id, r.name, r, now)[1] for r in (Role.agent, Role.manager)}
        other = Action(
            organisation_id=people.webshop.id, kind="thanks", title="Thanks", public_note={"en": "Thank you."},
            owner_id=people.bob.id, created_at=now,
        )  # fmt: skip
        db.session.add(other)
    found = []
    for role in (Role.agent, Role.manager):
        asked = {"comment_ids": [comment.id], "action_id": other.id}
        answer = bob.post("/api/v1/tags", json=asked, headers={"Authorization": f"Bearer {secrets[role]}"})
        found.append((answer.status_code, (answer.json or {}).get("large_step", {}).get("because")))
        with writing():
            for tag in db.session.scalars(select(Tag)):
                tag.withdrawn_at = now
    assert found == [(202, "words"), (201, None)]


def test_a_manager_chooses_it_on_the_surveys_page(alice: Colleague, bob: Colleague, survey: Survey) -> None:
    here = f"/surveys/{survey.id}"
    assert "no manager reads it first" in get(bob, here).words
    page = Page(
        alice.post(
            f"{here}/watch",
            data={"approves_words": "y", "detractor_bound": "3", "joins_within": "14"},
            follow_redirects=True,
        )
    )
    assert form_to(page, f"{here}/watch")["detractor_bound"] == "3"
    assert (survey.approves_words, survey.detractor_bound) == (True, 3)
    assert "A manager reads what you write before anybody is told." in get(bob, here).words
    alice.post(f"{here}/watch", data={"detractor_bound": "", "joins_within": "0"})
    assert (survey.approves_words, survey.detractor_bound) == (False, None)
    assert bob.post(f"{here}/watch").status_code == 403


@pytest.mark.parametrize(("typed", "sentence"), [
    ("5", "with more everybody would be dissatisfied"),
    ("11", "Give a number from 0 to 10."),
    ("-1", "Give a number from 0 to 10."),
    ("two", "Not a valid integer value"),
    ("9" * 40, "Give a number from 0 to 10."),
])  # fmt: skip
def test_a_bound_that_cannot_be_is_refused_and_nothing_is_lost(
    alice: Colleague, survey: Survey, typed: str, sentence: str
) -> None:
    page = Page(
        alice.post(
            f"/surveys/{survey.id}/watch",
            data={"approves_words": "y", "detractor_bound": typed, "joins_within": "14"},
        )
    )
    assert page.status == 422
    assert sentence in page.errors()["detractor_bound"]
    assert page.element("approves_words").attrib.get("checked") is not None
    assert (survey.approves_words, survey.detractor_bound) == (False, None)


def test_an_agent_adds_no_language_to_what_somebody_is_about_to_be_told(
    alice: Colleague, bob: Colleague, people: Cast, survey: Survey, comment: Comment, now: datetime
) -> None:
    settle(alice, comment, people)
    action, other = db.session.scalars(select(Action)).one(), said(survey, now, email="rob@example.com")
    typed = {
        "choice": str(action.id),
        "step": "settle",
        "add_de": "Wir nehmen eine andere Schachtel.",
        "thanks_to": "",
    }
    page = Page(bob.post(f"/comments/{other.id}/settlement", data=typed))
    assert page.status == 422
    assert "Leave out what you added, or ask a manager to do this." in page.words
    assert "de" not in action.public_note
    alice.post(f"/comments/{other.id}/settlement", data=typed)
    assert action.public_note["de"] == "Wir nehmen eine andere Schachtel."


def test_where_many_wait_the_inbox_shows_the_first_and_the_page_all(
    bob: Colleague, alice: Colleague, people: Cast, survey: Survey, comment: Comment, now: datetime
) -> None:
    for number in range(6):
        other = said(survey, now, email=f"person{number}@example.com")
        settle(bob, other, people, title=f"Box {number}")
    top = get(alice, "/inbox").words
    assert "Action taken: Box 4" in top
    assert "Action taken: Box 5" not in top
    assert "1 more waits for you" in top
    assert "Box 5" in get(alice, "/large-steps").words
