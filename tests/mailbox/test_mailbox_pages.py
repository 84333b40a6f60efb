"""The mailbox: every message with its state, each try in the server's own words, and how it looks in a frame."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from core import clock
from core.db import db, writing
from outbox import holding, pausing
from outbox.freezing import freeze
from outbox.models import Attempt, MailHold, Message
from outbox.models_pace import Breaker
from outbox.slots import new_slot, slot_link
from tests.browser import Colleague, signed_in
from tests.cast import Cast, make_staff
from tests.pages import get
from tests.sink import Sink


def queued(people: Cast, now: datetime, **values: object) -> Message:
    """A message to Rita with her own link in it."""
    slot = new_slot()
    text = str(values.pop("text", f"Your page: {slot_link(slot, 'status')}"))
    html = str(values.pop("html", f"<p>{text}</p>"))
    with writing():
        message = freeze(
            people.webshop.id, str(values.pop("kind", "update")), "rita@example.com", "About your box", text, html, "Alice Adams", "en", now,
            links={"status": ("status", 7, 1)}, recipient_name="Rita Ritsema", slot=slot, secret=bool(values.pop("secret", False)),
        )  # fmt: skip
        for name, value in values.items():
            setattr(message, name, value)
    return message


def unknown(people: Cast, now: datetime) -> Message:
    message = queued(people, now, state="unknown", server_reply="no reply after the final dot")
    with writing():
        message.attempts.append(
            Attempt(
                message_key=message.key,
                at=now,
                outcome="unknown",
                server="mx.example.com",
                reply="connection lost",
            )
        )
    return message


def test_the_list_says_to_whom_what_and_what_became_of_it(
    bob: Colleague, people: Cast, now: datetime
) -> None:
    queued(people, now, server_reply="450 4.2.0 greylisted")
    words = get(bob, "/mailbox").words
    assert (
        "Rita Ritsema rita@example.com About your box waiting to be sent 450 4.2.0 greylisted 23 November 2026, 10:30"
        in words
    )
    assert "all 1 waiting to be sent 1" in words, "each state with its number"


def test_the_list_is_narrowed_by_state(bob: Colleague, people: Cast, now: datetime) -> None:
    queued(people, now)
    assert "About your box" in get(bob, "/mailbox?state=queued").words
    assert "No message is in this state" in get(bob, "/mailbox?state=bounced").words
    assert "About your box" in get(bob, "/mailbox?state=nonsense").words


def test_the_list_goes_on_page_after_page(bob: Colleague, people: Cast, now: datetime) -> None:
    for _ in range(51):
        queued(people, now)
    first = get(bob, "/mailbox")
    assert first.html.count("About your box") == 50
    assert get(bob, first.links()["Older"]).html.count("About your box") == 1


def test_an_empty_mailbox_says_so(bob: Colleague, people: Cast) -> None:
    assert "No message yet" in get(bob, "/mailbox").words


def test_without_a_mail_server_it_says_that_this_is_all_the_mail_there_is(
    bob: Colleague, people: Cast, now: datetime
) -> None:
    message = queued(people, now)
    assert "this page is all the mail there is" in get(bob, "/mailbox").words
    page = get(bob, f"/mailbox/{message.id}")
    assert "/f/7.1." in page.links()["The respondent's own page"], "its links can be followed"


def test_with_a_mail_server_personal_links_are_their_readers_alone(
    bob: Colleague, people: Cast, smtp_server: Sink, now: datetime
) -> None:
    message = queued(people, now)
    page = get(bob, f"/mailbox/{message.id}")
    body = bob.get(f"/mailbox/{message.id}/body").text
    assert "/f/7.1." not in page.html + body
    assert message.slot not in page.html + body, "nor the place where one goes"
    assert "/f/…" in page.words


def test_the_links_of_a_question_to_somebody_are_named_in_words_too(
    bob: Colleague, people: Cast, now: datetime
) -> None:
    its = {"invitation": ("invitation", 7, 1), "unsubscribe_survey": ("unsubscribe_survey", 7, 1)}
    message = queued(people, now, links={name: list(link) for name, link in its.items()})
    links = get(bob, f"/mailbox/{message.id}").links()
    assert {"The survey", "Unsubscribe"} <= links.keys()
    assert "unsubscribe_survey" not in links


def test_a_message_with_its_tries(bob: Colleague, people: Cast, now: datetime) -> None:
    message = unknown(people, now)
    words = get(bob, f"/mailbox/{message.id}").words
    for part in (
        "About your box",
        "Rita Ritsema <rita@example.com>",
        "Alice Adams",
        "delivery not certain",
        "connection lost",
        "mx.example.com",
    ):
        assert part in words, part


def test_the_body_is_shown_in_a_frame_that_runs_nothing(bob: Colleague, people: Cast, now: datetime) -> None:
    message = queued(people, now)
    outer = bob.get(f"/mailbox/{message.id}").headers["Content-Security-Policy"]
    inner = bob.get(f"/mailbox/{message.id}/body").headers["Content-Security-Policy"]
    assert "frame-src 'self'" in outer
    assert "frame-ancestors 'none'" in outer
    assert "default-src 'none'" in inner
    assert "frame-ancestors 'self'" in inner
    assert inner.endswith("; sandbox")
    assert "script-src" not in inner
    assert "frame-src" not in bob.get("/mailbox").headers["Content-Security-Policy"], (
        "only where a mail is shown"
    )


def test_a_one_time_link_is_not_shown_to_colleagues(
    app: Flask, bob: Colleague, alice: Colleague, people: Cast, now: datetime
) -> None:
    message = queued(people, now, secret=True, kind="sign_in")
    for colleague in (bob, alice):
        page = get(colleague, f"/mailbox/{message.id}")
        assert "This message holds a one-time link; it is not shown." in page.words
        assert "Your page" not in page.words
        assert colleague.get(f"/mailbox/{message.id}/body").status_code == 404


def test_an_admin_without_a_mail_server_reads_it_here(
    app: Flask, people: Cast, monday: object, now: datetime
) -> None:
    message = queued(people, now, secret=True, kind="sign_in")
    with writing():
        ada = make_staff(people.webshop, "Ada Admin", "admin", now)
    browser = signed_in(app, ada)
    assert "Your page" in get(browser, f"/mailbox/{message.id}").words


def test_an_admin_with_a_mail_server_does_not(
    app: Flask, people: Cast, smtp_server: Sink, monday: object, now: datetime
) -> None:
    message = queued(people, now, secret=True, kind="sign_in")
    with writing():
        ada = make_staff(people.webshop, "Ada Admin", "admin", now)
    browser = signed_in(app, ada)
    assert "Your page" not in get(browser, f"/mailbox/{message.id}").words
    assert browser.get(f"/mailbox/{message.id}/body").status_code == 404


def test_wiped_words_are_said_to_be_wiped(bob: Colleague, people: Cast, now: datetime) -> None:
    message = queued(people, now, text="", html="")
    assert "Its words were wiped once it was delivered" in get(bob, f"/mailbox/{message.id}").words


@pytest.mark.parametrize(("decision", "state"), [("delivered", "sent"), ("again", "queued")])
def test_a_person_decides_what_cannot_be_known(
    bob: Colleague, people: Cast, now: datetime, decision: str, state: str
) -> None:
    message = unknown(people, now)
    answer = bob.post(f"/messages/{message.id}/decision", data={"decision": decision})
    assert (answer.status_code, answer.location) == (303, f"/mailbox/{message.id}")
    assert message.state == state
    words = get(bob, answer.location).words
    assert "Noted, under your name." in words
    assert "decided by a person" in words
    assert "Bob Bakker" in words


def test_it_is_decided_once(bob: Colleague, people: Cast, now: datetime) -> None:
    message = unknown(people, now)
    bob.post(f"/messages/{message.id}/decision", data={"decision": "delivered"})
    bob.post(f"/messages/{message.id}/decision", data={"decision": "again"})
    assert message.state == "sent"
    assert "This was decided already." in get(bob, f"/mailbox/{message.id}").words


def test_a_forged_decision_is_refused(bob: Colleague, people: Cast, now: datetime) -> None:
    message = unknown(people, now)
    for data in ({}, {"decision": "destroy"}):
        answer = bob.post(f"/messages/{message.id}/decision", data=data)
        assert answer.status_code == 422
        assert "Choose whether it arrived or is sent again." in answer.text
    assert message.state == "unknown"


def test_a_manager_releases_what_is_on_hold(
    alice: Colleague, bob: Colleague, people: Cast, now: datetime
) -> None:
    with writing():
        holding.hold("restored from a backup", now)
    assert "A manager can release it." in get(bob, "/mailbox").words
    assert "restored from a backup" in get(alice, "/mailbox").words
    assert bob.post("/mailbox/release").status_code == 403
    assert alice.post("/mailbox/release").status_code == 303
    held = db.session.scalars(select(MailHold)).one()
    assert (held.released_at, held.released_by) == (now, "Alice Adams")
    assert "All mail is on hold" not in get(alice, "/mailbox").words
    assert "Nothing was on hold." in get(alice, alice.post("/mailbox/release").location).words


def test_others_and_strangers(charlie: Colleague, vera: Colleague, people: Cast, now: datetime) -> None:
    message = unknown(people, now)
    for path in (f"/mailbox/{message.id}", f"/mailbox/{message.id}/body"):
        assert charlie.get(path).status_code == 404
        assert vera.get(path).status_code == 200
    assert charlie.post(f"/messages/{message.id}/decision", data={"decision": "again"}).status_code == 404
    assert vera.post(f"/messages/{message.id}/decision", data={"decision": "again"}).status_code == 403
    assert vera.get("/mailbox/9223372036854775808").status_code == 404
    assert "About your box" not in get(charlie, "/mailbox").words
    assert message.state == "unknown"


def test_their_words_are_text(bob: Colleague, people: Cast, now: datetime) -> None:
    message = queued(people, now, subject="<script>alert(1)</script> {{7*7}}", server_reply="<b>550</b>")
    page = get(bob, f"/mailbox/{message.id}")
    assert page.heading == "<script>alert(1)</script> {{7*7}}"
    assert "alert(1)</script>" not in page.html
    assert "<b>550" not in page.html


def stopped(now: datetime) -> None:
    with writing():
        db.session.add(
            Breaker(
                server="",
                opened_at=now,
                reason="550 5.7.1 <b>not</b> welcome",
                probe_at=now + timedelta(minutes=5),
            )
        )
        pausing.pause("busy.example", "421 slow down", clock.now())


def test_sending_has_stopped_and_the_page_says_why(bob: Colleague, people: Cast, now: datetime) -> None:
    stopped(now)
    words = get(bob, "/mailbox").words
    assert "sending has stopped" in words
    assert "Its last words: 550 5.7.1 <b>not</b> welcome" in words
    assert "A manager can let one try now." in words
    assert "1 domain asked for fewer mails" in words
    assert "busy.example" in words


def test_a_manager_lets_one_try_at_once(app: Flask, people: Cast, bob: Colleague, now: datetime) -> None:
    stopped(now)
    assert bob.post("/mailbox/probe").status_code == 403
    alice = signed_in(app, people.alice)
    page = get(alice, "/mailbox")
    answer = alice.post("/mailbox/probe", follow_redirects=True)
    assert "Try again now" in page.words
    assert "One message tries at once." in answer.text
    probe_at = db.session.scalars(select(Breaker.probe_at)).one()
    assert abs(probe_at - clock.now()) < timedelta(minutes=1)
    with writing():
        db.session.execute(update(Breaker).values(closed_at=now))
    assert "Nothing was stopped." in alice.post("/mailbox/probe", follow_redirects=True).text
