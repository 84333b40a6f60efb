"""The button "Correct what was told": who hears it, what they read, who cannot be reached; and nothing typed is lost."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from followup.composing import compose_due
from followup.corrections.retelling import compose_corrections
from followup.own_page.hearing import choose
from outbox.models import Message
from outbox.suppressing import suppress
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.loop import answered, decided, settled
from tests.pages import Page, get
from triage.models import Action

HOLDS = {
    "kind": "wont_do", "title": "Boxes stay", "note_nl": "De dozen blijven.", "note_en": "The boxes stay as they are.",
    "reason": "The new ones cannot be recycled.", "theme": "",
}  # fmt: skip


@pytest.fixture
def wrong(survey: Survey, people: Cast, now: datetime) -> Action:
    """Told to six: two by mail in one message, one on a page; one declined since, one is blocked, one unsubscribed."""
    with writing():
        action = decided(people, now)
        rita, _again = (answered(survey, now, words) for words in ("Torn.", "Torn again."))
        page = answered(survey, now, wants="page")
        others = [answered(survey, now, email=f"{n}@example.com") for n in ("declined", "blocked", "stopped")]
        for response in (rita, _again, page, *others):
            settled(response, action, now)
    compose_due(now)
    with writing():
        choose(others[0], "none", "", now)
        suppress(people.webshop.id, "blocked@example.com", "hard_bounce", now)
        suppress(people.webshop.id, "stopped@example.com", "unsubscribed", now)
    return action


def corrected(colleague: Colleague, action: Action, people: Cast, step: str, **typed: str) -> Page:
    data = {**HOLDS, "owner": str(people.bob.id), "step": step, **typed}
    return Page(colleague.post(f"/actions/{action.id}/correction", data=data))


def test_the_action_has_a_button_for_a_manager(alice: Colleague, bob: Colleague, wrong: Action) -> None:
    assert (
        get(alice, f"/actions/{wrong.id}").links()["Correct what was told"]
        == f"/actions/new?corrects={wrong.id}"
    )
    assert "Correct what was told" not in get(bob, f"/actions/{wrong.id}").words


def test_first_it_is_shown_who_hears_it_and_why_the_others_do_not(
    alice: Colleague, people: Cast, wrong: Action
) -> None:
    page = corrected(alice, wrong, people, "preview")
    assert page.status == 200
    assert "By mail 1 On their own page 1 Will not hear it 3" in page.words
    assert "this goes tomorrow" not in page.words
    for reason in ("they asked not to be told", "the address is blocked", "they unsubscribed"):
        assert f"1 person will not hear it: {reason}." in page.words
    assert wrong.withdrawn_at is None, "a preview changes nothing"


def test_it_is_shown_as_they_will_read_it(
    alice: Colleague, people: Cast, wrong: Action, now: datetime
) -> None:
    page = corrected(alice, wrong, people, "preview")
    corrected_mail(alice, people, wrong, page, now)
    assert "What we told you before was not right. This is what holds:" in page.words
    assert "The reason: The new ones cannot be recycled." in page.words


def corrected_mail(alice: Colleague, people: Cast, wrong: Action, page: Page, now: datetime) -> None:
    """What was confirmed is what was read."""
    data = {name: value for name, value in page.form().items() if name != "csrf_token"}
    assert alice.post(page.action(), data={**data, "step": "tell"}).status_code == 303
    assert compose_corrections(now) == 5
    sent = db.session.scalars(select(Message).where(Message.kind == "correction", Message.state == "queued"))
    (mail,) = sent.all()
    assert "Torn." in mail.text
    assert "Torn again." in mail.text
    for line in ("The boxes stay as they are.", "The reason: The new ones cannot be recycled."):
        assert line in mail.text
        assert line in page.words


def test_it_can_be_changed_before_it_goes_out(alice: Colleague, people: Cast, wrong: Action) -> None:
    page = corrected(alice, wrong, people, "edit")
    assert page.form()["note_en"] == HOLDS["note_en"]
    assert page.form()["reason"] == HOLDS["reason"]


@pytest.mark.parametrize("step", ["preview", "tell"])
def test_what_is_missing_is_said_and_what_was_typed_stays(
    alice: Colleague, people: Cast, wrong: Action, step: str
) -> None:
    page = corrected(alice, wrong, people, step, reason="")
    assert page.status == 422
    assert page.errors() == {"reason": "A “no” needs its reason: the respondent reads it."}
    assert page.form()["note_en"] == HOLDS["note_en"]
    assert wrong.withdrawn_at is None


def test_hostile_words_are_words(alice: Colleague, people: Cast, wrong: Action) -> None:
    text = "</textarea><script>alert(1)</script>{{7*7}}"
    page = corrected(alice, wrong, people, "preview", note_en=text, title=text)
    assert page.status == 200
    assert "<script>alert" not in page.html
    assert text in page.words


def test_before_anybody_heard_it_the_page_says_so(
    alice: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        action = decided(people, now)
    words = corrected(alice, action, people, "preview").words
    assert "Nobody has heard it yet." in words


def test_a_second_correction_is_refused(alice: Colleague, people: Cast, wrong: Action) -> None:
    answers = [
        alice.post(
            f"/actions/{wrong.id}/correction", data={**HOLDS, "owner": str(people.bob.id), "step": step}
        )
        for step in ("tell", "tell", "preview")
    ]
    assert [a.status_code for a in answers] == [303, 409, 409]
    assert "This was corrected already." in answers[1].text
    assert len(db.session.scalars(select(Action)).all()) == 2


def test_strangers_and_roles(bob: Colleague, charlie: Colleague, people: Cast, wrong: Action) -> None:
    assert corrected(bob, wrong, people, "preview").status == 403
    assert corrected(charlie, wrong, people, "preview").status == 404
