"""What goes wrong at a desk with several people, each with an outcome that somebody can see, and nothing lost.

Two who settle the same comment: test_overtaken. A rule that matches everything, and one that names who left:
tests/triage/test_assigning_page. Comments that lie with somebody who left: tests/triage/test_assigning.
"""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Membership
from accounts.people import leave
from accounts.presence import membership
from core.db import db, writing
from followup.composing import compose_due
from followup.corrections.retelling import compose_corrections
from followup.receipts import compose_receipts
from outbox.jobs import deliver_due
from outbox.models import Message
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, said
from tests.loop import decided, settled
from tests.pages import Page, get
from tests.sink import Mail, Sink
from triage.models import Action, Comment

EMOJI = "\U0001f62d" * 5_000
HOLDS = {
    "kind": "wont_do", "title": "Boxes stay", "note_nl": "De dozen blijven.", "note_en": "The boxes stay as they are.",
    "reason": "The new ones cannot be recycled.", "theme": "", "step": "tell",
}  # fmt: skip


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now)


@pytest.fixture
def action(comment: Comment, people: Cast, now: datetime) -> Action:
    """Composed for Rita, and not yet on its way."""
    with writing():
        made = decided(people, now)
        settled(comment.response, made, now)
    assert compose_due(now) == 1
    return made


def body(mail: Mail) -> str:
    part = mail.parsed.get_body(("plain",))
    return str(part.get_content()) if part else ""


@pytest.mark.both_databases
def test_an_action_that_is_corrected_while_it_is_being_told(
    app: Flask, alice: Colleague, people: Cast, action: Action, smtp_server: Sink, now: datetime
) -> None:
    """The words that are on their way stay as they are; the next message puts them right, once."""
    address, typed = f"/actions/{action.id}/correction", {**HOLDS, "owner": str(people.bob.id)}
    statuses: list[int] = []

    def correct_it(_mail: Mail) -> None:
        """At the moment in which the mail server has all of it and has not answered."""
        smtp_server.noted = lambda mail: None
        statuses.append(alice.post(address, data=typed).status_code)

    smtp_server.noted = correct_it
    assert deliver_due(now) == 1
    assert statuses == [303]
    db.session.rollback()  # the clock reads anew in each tick
    assert [compose_corrections(now) for _clock in range(2)] == [1, 0]
    deliver_due(now)
    first, second = map(body, smtp_server.mails)
    assert "We now use a stronger box." in first
    assert "The boxes stay as they are." not in first
    assert "The boxes stay as they are." in second
    db.session.rollback()
    assert set(db.session.scalars(select(Message.state))) == {"sent"}
    words = get(alice, f"/actions/{action.id}").words
    assert "It was put right by another action" in words


def test_it_is_told_once_however_often_it_was_composed_meanwhile(
    alice: Colleague, people: Cast, action: Action, smtp_server: Sink, now: datetime
) -> None:
    alice.post(f"/actions/{action.id}/correction", data={**HOLDS, "owner": str(people.bob.id)})
    second = Page(alice.post(f"/actions/{action.id}/correction", data={**HOLDS, "owner": str(people.bob.id)}))
    assert second.status == 409
    assert form_to(second, f"/actions/{action.id}/correction")["note_en"] == HOLDS["note_en"], (
        "nothing typed is lost"
    )
    for _clock in range(3):
        compose_corrections(now)
        compose_due(now)
        deliver_due(now)
    assert sum("The boxes stay as they are." in body(mail) for mail in smtp_server.mails) == 1


@pytest.mark.both_databases
def test_five_thousand_of_one_emoji_are_kept_shown_found_and_told(
    bob: Colleague, people: Cast, survey: Survey, smtp_server: Sink, now: datetime
) -> None:
    comment = said(survey, now, EMOJI)
    assert comment.text == EMOJI
    assert EMOJI in get(bob, f"/comments/{comment.id}").words
    assert "\U0001f62d" * 100 in get(bob, "/inbox").words
    assert "\U0001f62d" * 100 in get(bob, "/inbox?q=\U0001f62d").words, "a sign is found as it was typed"
    assert "No comment matches" in get(bob, "/inbox?q=\U0001f600").words
    compose_receipts(now)
    assert (
        bob.post(f"/comments/{comment.id}/settlement", data={"choice": str(new(people, now))}).status_code
        == 303
    )
    with writing():
        comment.tags[0].release_at = comment.tags[0].tagged_at
    assert compose_due(now) == 1
    deliver_due(now)
    told = next(mail for mail in map(body, smtp_server.mails) if "We now use a stronger box." in mail)
    assert "\U0001f62d" * 20 in told
    assert all(
        len(line.encode()) < 1000 for mail in smtp_server.mails for line in mail.raw.decode().splitlines()
    )


def new(people: Cast, now: datetime) -> int:
    with writing():
        return decided(people, now).id


@pytest.mark.both_databases
@pytest.mark.parametrize("asked", ['%_"*', '%_"* AND (', "' OR 1=1 --", "NEAR(", "^a*", "-box", '"'])
def test_a_search_for_signs_is_a_search_for_those_signs(
    bob: Colleague, survey: Survey, now: datetime, asked: str
) -> None:
    said(survey, now, "The box was torn.")
    found = get(bob, "/inbox", query_string={"q": asked})
    assert "No comment matches" in found.words
    assert found.element("q").attrib["value"] == asked, "and what was looked for stands there"
    said(survey, now, f"It says {asked} here.", email="b@example.com")
    assert "It says" in get(bob, "/inbox", query_string={"q": asked}).words


@pytest.mark.parametrize("nothing", ["", "   ", "\t", "\x00", "\u200b".strip("\u200b")])
def test_a_search_for_nothing_shows_everything(bob: Colleague, comment: Comment, nothing: str) -> None:
    page = get(bob, "/inbox", query_string={"q": nothing})
    assert "The box was torn." in page.words
    assert "Show everything" not in page.links(), "nothing was narrowed down"


def test_a_colleague_who_left_while_the_page_lay_open_cannot_get_it(
    alice: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    address = f"/comments/{comment.id}/labels"
    typed = {
        **form_to(get(alice, f"/comments/{comment.id}"), address),
        "assignee": str(people.bob.id),
        "new_theme": "Courier",
    }
    with writing():
        leave(held(people), now)
    page = Page(alice.post(address, data=typed))
    assert page.status == 422
    assert page.errors() == {"assignee": "This colleague does not work here any more. Choose another one."}
    assert form_to(page, address)["new_theme"] == "Courier", "and nothing typed is lost"
    db.session.expire_all()
    assert comment.assignee_id is None


def held(people: Cast) -> Membership:
    found = membership(people.webshop.id, people.bob.id)
    assert found
    return found
