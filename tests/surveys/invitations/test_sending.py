"""From a list that was confirmed to mails, and one reminder to the silent: by the clock, some at a time, once each."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import clock
from core.db import db, writing
from core.errors import Conflict
from customers.models import Customer, Identity
from outbox.models import Message
from outbox.suppressing import suppress
from surveys import jobs
from surveys.builder.building import close_survey
from surveys.invitations import inviting, sending
from surveys.invitations.first_question import first_question
from surveys.invitations.listed import Person, Problem
from surveys.invitations.models import Invitation, InvitationList
from surveys.invitations.sending import ask_again
from surveys.models import Survey
from tests.cast import Cast
from tests.inviting import RITA, invitations, invited
from tests.outbox.post import send as deliver
from tests.pages import get
from tests.sink import Sink

DAY = timedelta(days=1)


def confirmed(survey: Survey, now: datetime, *people: Person, **values: Any) -> InvitationList:
    with writing():
        drawn = inviting.draw_up(
            survey, people, [], timedelta(hours=24), now, question=first_question(survey), **values
        )
        inviting.confirm(drawn, None, None, now)
        return drawn


def person(mail: str = RITA, **values: Any) -> Person:
    return Person(1, mail, **values)


def mails(kind: str = "invitation") -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def test_whoever_is_on_the_list_gets_a_mail_with_the_first_question(survey: Survey, now: datetime) -> None:
    drawn = confirmed(survey, now, person("new@example.com", name="Nora New", language="en"))
    jobs.send_invitations(now)
    (invitation,), (mail,) = invitations(), mails()
    assert (mail.recipient, mail.recipient_name, mail.language) == ("new@example.com", "Nora New", "en")
    assert "How satisfied are you?\n1 · very dissatisfied: " in mail.text
    assert "Good day Nora New," in mail.text
    assert mail.links["invitation"] == ["invitation", invitation.id, 1]
    assert mail.links["unsubscribe"][0] == "unsubscribe_survey", (
        "it leaves the mail that asks, not the mail that answers"
    )
    assert "/i/" not in mail.text, "no stored row holds a live link"
    assert mail.headers["List-Id"].startswith("<survey.")
    db.session.refresh(drawn)
    assert (drawn.state, drawn.taken, drawn.left_out, drawn.rows) == ("finished", 1, 0, [])


@pytest.mark.both_databases
def test_a_second_tick_and_a_second_clock_send_nothing_more(survey: Survey, now: datetime) -> None:
    confirmed(survey, now, *(person(f"r{n}@example.com") for n in range(sending.BATCH + 3)))
    for _again in range(3):
        jobs.send_invitations(now)
    assert len(invitations()) == len(mails()) == sending.BATCH + 3


def test_a_list_that_nobody_confirmed_asks_nobody_and_is_forgotten_after_a_day(
    survey: Survey, now: datetime
) -> None:
    with writing():
        drawn = inviting.draw_up(survey, [person()], [Problem(2, "x", "why")], timedelta(), now, question={})
    jobs.send_invitations(now + timedelta(hours=23))
    assert db.session.get_one(InvitationList, drawn.id).rows
    jobs.send_invitations(now + timedelta(hours=25))
    db.session.refresh(drawn)
    assert (drawn.rows, drawn.problems, drawn.state) == ([], [], "finished")
    assert mails() == []
    with pytest.raises(Conflict, match="kept for too long"), writing():
        inviting.confirm(db.session.get_one(InvitationList, drawn.id), None, None, now)


def test_a_day_after_what_they_did_they_are_asked_and_not_before(survey: Survey, now: datetime) -> None:
    confirmed(
        survey,
        now,
        person(event_at=now - timedelta(hours=4)),
        person("old@example.com", event_at=now - 3 * DAY),
    )
    jobs.send_invitations(now)
    assert [m.recipient for m in mails()] == ["old@example.com"]
    jobs.send_invitations(now + timedelta(hours=19))
    assert len(mails()) == 1
    jobs.send_invitations(now + timedelta(hours=20))
    assert len(mails()) == 2


def test_a_moment_that_was_said_holds_for_who_has_none_of_their_own(survey: Survey, now: datetime) -> None:
    confirmed(survey, now, person(), send_at=now + DAY)
    jobs.send_invitations(now)
    assert mails() == []
    jobs.send_invitations(now + DAY)
    assert len(mails()) == 1


def test_the_language_is_the_lists_or_the_customers_or_the_surveys(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        db.session.get_one(Customer, people.rita.id).language = "en"
    confirmed(survey, now, person(), person("a@example.com", language="en"), person("b@example.com"))
    jobs.send_invitations(now)
    assert {m.recipient: m.language for m in mails()} == {
        RITA: "en",
        "a@example.com": "en",
        "b@example.com": "nl",
    }


def test_a_name_that_a_stranger_typed_beside_an_address_is_not_repeated_to_it(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        stranger = Customer(organisation_id=people.webshop.id, name="Buy at spam.example", created_at=now)
        db.session.add(stranger)
        db.session.flush()
        db.session.add(Identity(organisation_id=people.webshop.id, customer_id=stranger.id, kind="mail",
                                value="victim@example.com", key="victim@example.com", created_at=now))  # fmt: skip
    confirmed(survey, now, person("victim@example.com"), person("other@example.com", name="Otto"))
    jobs.send_invitations(now)
    victim, other = mails()
    assert "spam.example" not in victim.text + victim.html + victim.recipient_name
    assert "Otto" in other.text


def test_one_person_with_two_addresses_on_the_list_is_asked_once(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        db.session.add(Identity(organisation_id=people.webshop.id, customer_id=people.rita.id, kind="mail",
                                value="work@example.com", key="work@example.com", created_at=now))  # fmt: skip
    drawn = confirmed(survey, now, person(), person("work@example.com"))
    jobs.send_invitations(now)
    assert [m.recipient for m in mails()] == [RITA]
    db.session.refresh(drawn)
    assert (drawn.taken, drawn.left_out) == (2, 1)


def test_whoever_left_or_was_asked_since_the_list_was_looked_at_is_left_out(
    survey: Survey, now: datetime
) -> None:
    drawn = confirmed(survey, now, person(), person("left@example.com"), person("new@example.com"))
    with writing():
        suppress(survey.organisation_id, "left@example.com", "unsubscribed", now, "survey")
        invited(survey, now - DAY)
    jobs.send_invitations(now)
    assert [m.recipient for m in mails()][1:] == ["new@example.com"]
    db.session.refresh(drawn)
    assert (drawn.taken, drawn.left_out) == (3, 2)


def test_a_survey_that_closed_meanwhile_asks_nobody(survey: Survey, now: datetime) -> None:
    confirmed(survey, now, person("later@example.com"), send_at=now + DAY)
    jobs.send_invitations(now)
    never = confirmed(survey, now, person())
    with writing():
        close_survey(db.session.get_one(Survey, survey.id), now)
    jobs.send_invitations(now + 2 * DAY)
    assert mails() == []
    assert [i.withdrawn_at is not None for i in invitations()] == [True], "taken back, and said so"
    db.session.refresh(never)
    assert (never.state, never.left_out, never.rows) == ("finished", 1, [])


def test_a_customer_number_joins_the_address_to_who_is_known_by_it(
    people: Cast, survey: Survey, now: datetime
) -> None:
    confirmed(survey, now, person("first@example.com", external_id="K-12"))
    jobs.send_invitations(now)
    confirmed(survey, now + 40 * DAY, person("second@example.com", external_id="K-12"))
    jobs.send_invitations(now + 40 * DAY)
    one, other = invitations()
    assert one.identity.customer_id == other.identity.customer_id  # type: ignore[union-attr]


# One reminder


def silent(survey: Survey, now: datetime, mail: str = RITA, **values: Any) -> Invitation:
    with writing():
        return invited(survey, now, mail, **values)


def test_a_week_later_the_silent_are_reminded_once(survey: Survey, now: datetime) -> None:
    invitation = silent(survey, now)
    assert jobs.remind_the_silent(now + timedelta(days=6, hours=23)) == 0
    assert jobs.remind_the_silent(now + 7 * DAY) == 1
    assert [jobs.remind_the_silent(now + days * DAY) for days in (7, 8, 14, 20)] == [0, 0, 0, 0]
    (mail,) = mails("reminder")
    assert "This is the only reminder." in mail.text
    assert mail.links["invitation"] == ["invitation", invitation.id, 1], "the same link"
    assert invitations()[0].reminder_id == mail.id


@pytest.mark.parametrize(
    "what", ["answered", "left", "bounced", "queued", "unknown", "closed", "taken back", "erased", "too late"]
)
def test_nobody_else_is_reminded(survey: Survey, now: datetime, what: str) -> None:
    invitation = silent(survey, now)
    with writing():
        held = db.session.get_one(Invitation, invitation.id)
        if what == "answered":
            held.answered_on = now.date()
        elif what == "left":
            suppress(survey.organisation_id, RITA, "unsubscribed", now, "survey")
        elif what in {"bounced", "queued", "unknown"}:
            db.session.get_one(Message, held.message_id).state = what
        elif what == "closed":
            close_survey(db.session.get_one(Survey, survey.id), now)
        elif what == "taken back":
            held.withdrawn_at = now
        elif what == "erased":
            held.identity_id = None
    assert jobs.remind_the_silent(now + (27.5 if what == "too late" else 8) * DAY) == 0
    assert mails("reminder") == []


def test_whoever_comes_back_after_having_left_is_not_reminded_after_all(
    survey: Survey, now: datetime
) -> None:
    silent(survey, now)
    with writing():
        suppress(survey.organisation_id, RITA, "unsubscribed", now, "survey")
    jobs.remind_the_silent(now + 8 * DAY)
    assert invitations()[0].reminded_at
    assert invitations()[0].reminder_id is None


@pytest.mark.both_databases
def test_two_clocks_remind_once(survey: Survey, now: datetime) -> None:
    for n in range(3):
        silent(survey, now, f"r{n}@example.com")
    for _clock in range(2):
        jobs.remind_the_silent(now + 8 * DAY)
    assert db.session.scalar(select(func.count(Message.id)).where(Message.kind == "reminder")) == 3


# Once more by hand


def test_by_hand_it_is_the_same_link_in_a_new_mail_and_counts_from_then_on(
    survey: Survey, now: datetime
) -> None:
    invitation = silent(survey, now)
    with writing():
        ask_again(invitation, now + 10 * DAY)
    (held,) = invitations()
    assert held.written_at == now + 10 * DAY
    assert mails()[-1].id == held.message_id
    assert held.link_version == 1


@pytest.mark.parametrize(("what", "sentence"), [
    ("answered", "This link was used on"), ("left", "gets no invitations"), ("taken back", "taken back"), ("closed", "Open it before"),
    ("today", "less than a day ago"), ("erased", "taken back"),
])  # fmt: skip
def test_by_hand_nobody_is_asked_against_the_rules(
    survey: Survey, now: datetime, what: str, sentence: str
) -> None:
    invitation = silent(survey, now)
    with writing():
        held = db.session.get_one(Invitation, invitation.id)
        if what == "answered":
            held.answered_on = now.date()
        elif what == "left":
            suppress(survey.organisation_id, RITA, "unsubscribed", now, "survey")
        elif what == "taken back":
            held.withdrawn_at = now
        elif what == "closed":
            close_survey(db.session.get_one(Survey, survey.id), now)
        elif what == "erased":
            held.identity_id = None
    with pytest.raises(Conflict, match=sentence), writing():
        ask_again(invitation, now + (timedelta(hours=2) if what == "today" else 3 * DAY))


def test_it_arrives_with_a_link_that_works(client: FlaskClient, smtp_server: Sink, survey: Survey) -> None:
    now = clock.now()
    confirmed(survey, now, person(language="en"))
    jobs.send_invitations(now)
    deliver(now)
    (received,) = smtp_server.mails
    part = received.parsed.get_body(("plain",))
    text = part.get_content() if part else ""
    link = re.search(r"/i/[0-9a-z.]+\?csat=2", text)
    assert link
    page = get(client, link[0])
    assert page.form()["csat"] == "2"
    assert received.parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_reminder_names_the_day_on_which_the_link_ends_not_a_later_one(
    survey: Survey, now: datetime
) -> None:
    silent(survey, now)
    jobs.remind_the_silent(now + 8 * DAY)
    assert "works until Sunday 20 December 2026" in mails("reminder")[0].text
