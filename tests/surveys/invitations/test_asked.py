"""Who was asked: each in one state, counts that add up, the reason, and once more by hand."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from core import clock
from core.db import db, writing
from customers.models import Customer
from outbox.models import Message
from outbox.suppressing import suppress
from surveys.invitations.asked import PAGE, STATES, counts, page
from surveys.invitations.models import Invitation
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast, make_staff
from tests.hostile import WORDS
from tests.inviting import invitations, invited
from tests.loop import answered
from tests.pages import get

DAY = timedelta(days=1)


@pytest.fixture
def everybody(survey: Survey, now: datetime) -> dict[str, int]:
    """state → somebody in it"""
    sent = now - 3 * DAY
    with writing():
        made = {name: invited(survey, sent, f"{name}@example.com") for name in STATES}
        response = answered(survey, now, email="answered@example.com")
        made["answered"].answered_on, made["answered"].response_id = now.date(), response.id
        made["taken_back"].withdrawn_at = now
        made["later"].written_at, made["later"].send_at, made["later"].message_id = None, now + DAY, None
        for name, state in (("unreachable", "bounced"), ("on_its_way", "queued"), ("uncertain", "unknown")):
            db.session.get_one(Message, made[name].message_id).state = state
        db.session.get_one(Message, made["unreachable"].message_id).server_reply = "550 No such user"
        return {name: invitation.id for name, invitation in made.items()}


@pytest.mark.both_databases
def test_each_is_in_one_state_and_the_counts_add_up(survey: Survey, everybody: dict[str, int]) -> None:
    found = counts(survey)
    assert found.by_state == dict.fromkeys(STATES, 1)
    assert (found.asked, found.delivered, found.rate) == (7, 2, 0.5)
    assert {line.id: line.state for line in page(survey, "", None).lines} == {
        id: name for name, id in everybody.items()
    }


def test_an_answer_proves_that_the_mail_arrived(survey: Survey, everybody: dict[str, int]) -> None:
    with writing():
        db.session.get_one(Invitation, everybody["uncertain"]).answered_on = clock.now().date()
    assert (counts(survey).by_state["answered"], counts(survey).delivered) == (2, 3)


def test_without_a_delivered_invitation_there_is_no_rate(survey: Survey) -> None:
    assert counts(survey).rate is None


def test_a_state_alone(bob: Colleague, survey: Survey, everybody: dict[str, int]) -> None:
    words = get(bob, f"/surveys/{survey.id}/invitations?state=unreachable").words
    assert "unreachable@example.com" in words
    assert "550 No such user" in words
    assert "silent@example.com" not in words


def test_the_page_says_rate_and_n(bob: Colleague, survey: Survey, everybody: dict[str, int]) -> None:
    words = get(bob, f"/surveys/{survey.id}/invitations").words
    assert "Response rate 50% n = 2 answers ÷ delivered invitations" in words


def test_an_anonymous_answer_leads_nowhere(bob: Colleague, survey: Survey, everybody: dict[str, int]) -> None:
    with writing():
        db.session.get_one(Invitation, everybody["answered"]).response_id = None
    found = get(bob, f"/surveys/{survey.id}/invitations?state=answered")
    assert "without a name" in found.words
    assert "The answer" not in found.words


def test_more_than_a_page_is_turned_over(bob: Colleague, survey: Survey, now: datetime) -> None:
    with writing():
        for n in range(PAGE + 2):
            invited(survey, now, f"r{n:03}@example.com")
    first = get(bob, f"/surveys/{survey.id}/invitations?state=silent")
    assert "r051@example.com" in first.words
    assert "r001@example.com" not in first.words
    second = get(bob, first.links()["Older ones"])
    assert "r001@example.com" in second.words
    assert "r051@example.com" not in second.words


@pytest.mark.parametrize(
    "query", ["?state=nonsense", "?before=0", "?before=abc", f"?before={2**63}", "?state=%00"]
)
def test_a_nonsense_filter_is_no_failure(
    bob: Colleague, survey: Survey, everybody: dict[str, int], query: str
) -> None:
    assert bob.get(f"/surveys/{survey.id}/invitations{query}").status_code == 200


@pytest.mark.security("stored xss")
def test_hostile_names_are_words(bob: Colleague, people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        invited(survey, now)
        db.session.get_one(Customer, people.rita.id).name = WORDS["script"][:200]
    assert WORDS["script"][:20] not in get(bob, f"/surveys/{survey.id}/invitations").html


def test_somebody_silent_is_asked_again_by_hand(
    bob: Colleague, survey: Survey, everybody: dict[str, int]
) -> None:
    answer = bob.post(f"/surveys/invitations/{everybody['silent']}/again", data={"state": "silent"})
    assert answer.location == f"/surveys/{survey.id}/invitations?state=silent"
    held = {i.id: i for i in invitations()}[everybody["silent"]]
    assert held.message
    assert held.message.state == "queued"
    assert "They are asked once more" in get(bob, answer.location).words


def test_asked_again_twice_says_that_it_is_too_soon(
    bob: Colleague, survey: Survey, everybody: dict[str, int]
) -> None:
    for _twice in range(2):
        answer = bob.post(f"/surveys/invitations/{everybody['silent']}/again")
    assert "less than a day ago" in get(bob, answer.location).words


def test_whoever_left_has_no_button(
    bob: Colleague, survey: Survey, everybody: dict[str, int], now: datetime
) -> None:
    with writing():
        suppress(survey.organisation_id, "silent@example.com", "unsubscribed", now, "survey")
    found = get(bob, f"/surveys/{survey.id}/invitations?state=silent")
    assert "They asked for no more invitations." in found.words
    assert "Ask again" not in found.html


def test_a_viewer_sees_and_asks_nobody(
    app: Flask, people: Cast, survey: Survey, everybody: dict[str, int], now: datetime
) -> None:
    with writing():
        vera = make_staff(people.webshop, "Vera Visser", "viewer", now)
    viewer = signed_in(app, vera)
    assert "Ask again" not in get(viewer, f"/surveys/{survey.id}/invitations").html
    assert viewer.post(f"/surveys/invitations/{everybody['silent']}/again").status_code == 403


def test_an_empty_page_says_what_to_do(bob: Colleague, survey: Survey) -> None:
    assert (
        get(bob, f"/surveys/{survey.id}/invitations").links()["Ask people"]
        == f"/surveys/{survey.id}/invitations/new"
    )


def test_the_code_to_print_leads_to_the_public_address(bob: Colleague, survey: Survey) -> None:
    found = get(bob, f"/surveys/{survey.id}/poster")
    assert "http://127.0.0.1:8000/s/bestelling" in found.words
    code = bob.get(f"/surveys/{survey.id}/qr.svg")
    assert code.mimetype == "image/svg+xml"
    assert code.data.startswith(b"<svg")
    assert "style=" not in code.text
    assert "<script" not in code.text
