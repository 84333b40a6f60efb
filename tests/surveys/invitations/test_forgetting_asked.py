"""Somebody who is erased: their link opens nothing, nothing more is sent, and what was counted stays counted."""

from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, writing
from customers.models import Customer
from followup.exports.exporting_person import everything
from reports.erasure.erasing import erase
from surveys import jobs
from surveys.invitations.asked import counts
from surveys.invitations.inviting import confirm, draw_up
from surveys.invitations.listed import Person
from surveys.invitations.models import Invitation, InvitationList
from surveys.models import Survey
from tests.cast import Cast
from tests.inviting import invitations, invited, link

DAY = timedelta(days=1)


def erased(people: Cast, now: datetime) -> None:
    with writing():
        erase(db.session.get_one(Customer, people.rita.id), "She asked so.", now)


def test_their_link_opens_nothing_and_they_stay_counted(
    client: FlaskClient, people: Cast, survey: Survey
) -> None:
    with writing():
        one = invited(survey, clock.now(), answered_on=clock.now().date())
        path, id = link(one), one.id
    erased(people, clock.now())
    assert client.get(path).status_code == 404
    assert counts(survey).by_state["answered"] == 1
    (held,) = invitations()
    assert (held.id, held.identity_id, held.response_id, held.withdrawn_at) == (id, None, None, None)


def test_nothing_that_was_still_to_be_sent_is_sent(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        invited(survey, now, written_at=None, message_id=None)
        invited(
            survey,
            now,
            list_id=db.session.scalars(select(InvitationList.id)).one() + 0,
            mail="other@example.com",
        )
    erased(people, now)
    jobs.send_invitations(now + DAY)
    jobs.remind_the_silent(now + 8 * DAY)
    assert invitations()[0].withdrawn_at
    assert invitations()[0].message_id is None
    assert invitations()[1].reminder_id, "the other one is reminded as before"


def test_a_list_that_is_being_worked_through_leaves_them_out_and_loses_nobody_else(
    people: Cast, survey: Survey, now: datetime
) -> None:
    people_listed = [
        Person(n, mail)
        for n, mail in enumerate(("a@example.com", "RITA@example.com", "b@example.com"), start=1)
    ]
    with writing():
        drawn = draw_up(survey, people_listed, [], timedelta(), now, question={})
        confirm(drawn, None, None, now)
    erased(people, now)
    jobs.send_invitations(now)
    assert [i.identity.value for i in invitations() if i.identity] == ["a@example.com", "b@example.com"]
    db.session.refresh(drawn)
    assert (drawn.taken, drawn.left_out) == (3, 1)


def test_everything_that_is_kept_of_a_person_says_when_they_were_asked(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        invited(survey, now, reminded_at=now + 7 * DAY)
        asked = everything([db.session.get_one(Customer, people.rita.id)], [])["asked"]
    assert asked == [
        {
            "survey": "bestelling",
            "asked_at": "2026-11-23T09:30:00Z",
            "reminded_at": "2026-11-30T09:30:00Z",
            "answered_on": None,
            "answer": None,
        }
    ]
    assert db.session.scalar(select(Invitation.id))
