"""Asking people from a list: read, looked at, confirmed; so many that a manager looks first."""

import io
import time
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock
from core.db import db, writing
from outbox.models import Message
from surveys import jobs
from surveys.builder.building import close_survey
from surveys.invitations.models import Invitation, InvitationList
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.each import each
from tests.hostile import WORDS
from tests.inviting import a_list, invited
from tests.loop import opened_survey
from tests.pages import Page, get, send
from tests.surveys.sheets import workbook


@pytest.fixture
def survey(people: Cast) -> Survey:
    with writing():
        return opened_survey(people, clock.now())


@pytest.fixture
def alice(app: Flask, people: Cast) -> Colleague:
    return signed_in(app, people.alice)


@pytest.fixture
def bob(app: Flask, people: Cast) -> Colleague:
    return signed_in(app, people.bob)


def listed(client: Colleague, survey: Survey, text: str = "", **more: Any) -> Page:
    """The page with the list that was read."""
    form = get(client, f"/surveys/{survey.id}/invitations/new")
    answer = client.post(
        form.action(), data={**form.form(), "people": text, **more}, content_type="multipart/form-data"
    )
    return get(client, answer.location) if answer.status_code == 303 else Page(answer)


def file(data: bytes, name: str = "people.csv") -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def drawn() -> InvitationList:
    db.session.rollback()
    return db.session.scalars(select(InvitationList).order_by(InvitationList.id.desc())).first()  # type: ignore[return-value]


def asked() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Invitation.id))) or 0


def test_first_it_says_who_will_be_asked_and_who_not_and_why(bob: Colleague, survey: Survey) -> None:
    with writing():
        invited(survey, clock.now())
    page = listed(bob, survey, "new@example.com;Nora;en\nrita@example.com\nnonsense\nNew@example.com")
    assert "Can be asked 1" in page.words
    assert "2 rita@example.com They were asked something today already." in page.words
    assert "3 nonsense “nonsense” is not a mail address." in page.words
    assert "4 New@example.com This address stands in line 1 too." in page.words
    assert "Good day Nora," in page.words, "what they will read"
    assert "/i/…?csat=1" in page.words
    assert asked() == 1, "nobody yet"


def test_confirmed_they_are_asked_by_the_clock(bob: Colleague, survey: Survey) -> None:
    page = listed(bob, survey, "new@example.com;Nora;en")
    answer = send(bob, page)
    assert answer.location == f"/surveys/{survey.id}/invitations"
    assert "They are asked now." in get(bob, answer.location).words
    jobs.send_invitations(clock.now())
    assert "new@example.com" in get(bob, answer.location).words
    assert bob.post(page.action()).status_code == 409, "once"
    assert asked() == 1


@pytest.mark.parametrize(("data", "name"), [
    ("email;naam\nnew@example.com;Zoë".encode("cp1252"), "people.csv"),
    (workbook([["Email", "Naam"], ["new@example.com", "Zoë"]]), "people.xlsx"),
    ("\ufeffemail,naam\nnew@example.com,Zoë".encode(), "whatever"),
])  # fmt: skip
def test_a_file_is_read_by_what_is_in_it(bob: Colleague, survey: Survey, data: bytes, name: str) -> None:
    listed(bob, survey, file=file(data, name))
    assert drawn().rows == [["new@example.com", "Zoë", "", "", ""]]


@pytest.mark.parametrize(("text", "more", "sentence"), [
    ("", {}, "Paste a list, or choose a file: one of the two."),
    ("a@example.com", {"file": file(b"b@example.com")}, "one of the two"),
    ("", {"file": file(b"PK\x03\x04broken")}, "This file cannot be read."),
    ("email;mail\na;b", {}, "Two columns say the same: email, mail."),
    ("a@example.com", {"delay": "9999"}, "Give a number from 0 to 720."),
    ("email;name", {}, "There is nobody in this list."),
])  # fmt: skip
def test_what_cannot_be_read_comes_back_with_what_was_typed(
    bob: Colleague, survey: Survey, text: str, more: dict[str, Any], sentence: str
) -> None:
    page = listed(
        bob, survey, text, **{k: file(v[0].getvalue(), v[1]) if k == "file" else v for k, v in more.items()}
    )
    assert page.status == 422
    assert sentence in page.words
    assert page.form()["people"].strip() == text
    assert drawn() is None


def test_a_list_without_anybody_to_ask_has_no_button(bob: Colleague, survey: Survey) -> None:
    page = listed(bob, survey, "nonsense\nmore nonsense")
    assert "Nobody in this list can be asked." in page.words
    assert "confirmation" not in page.html


def test_fifty_megabytes_are_refused_in_a_sentence(bob: Colleague, survey: Survey) -> None:
    began = time.process_time()
    body, kind = b"x" * 50_000_000, "multipart/form-data; boundary=x"
    answer = bob.post(f"/surveys/{survey.id}/invitations/new", data=body, content_type=kind)
    assert answer.status_code == 413
    assert "This is larger than 8 MB." in answer.text
    assert time.process_time() - began < 5


def test_ten_thousand_rows_with_three_hundred_wrong_ones(bob: Colleague, survey: Survey) -> None:
    lines = ["wrong" if n % 33 == 0 and n < 9900 else f"r{n}@example.com;Name {n}" for n in range(10_000)]
    page = listed(bob, survey, "\r\n".join(lines))
    assert "Can be asked 9,700" in page.words
    assert "Cannot 300" in page.words
    assert len(page.html) < 300_000


def test_a_survey_that_takes_no_answers_asks_nobody(bob: Colleague, survey: Survey) -> None:
    page = listed(bob, survey, "new@example.com")
    with writing():
        close_survey(db.session.get_one(Survey, survey.id), clock.now())
    assert bob.post(page.action()).status_code == 409
    late = listed(bob, survey, "new@example.com")
    assert late.status == 409
    assert "Open it before you ask people." in late.words


@each("name", sorted(WORDS))
def test_hostile_lists_are_read_like_others(bob: Colleague, survey: Survey, name: str) -> None:
    form = get(bob, f"/surveys/{survey.id}/invitations/new")
    answer = bob.post(form.action(), data={**form.form(), "people": f"new@example.com;{WORDS[name]}"})
    assert answer.status_code in {303, 422}
    if answer.location:
        assert "<script>alert" not in bob.get(answer.location).text


# Many at once


MANY = "\n".join(f"r{n}@example.com" for n in range(250))


def test_more_than_three_usual_days_wait_for_a_manager_who_is_written_to(
    bob: Colleague, survey: Survey
) -> None:
    answer = send(bob, listed(bob, survey, MANY))
    page = get(bob, answer.location)
    assert "waits for a manager" in page.words
    assert "A manager decides; until then nobody is asked." in page.words
    jobs.send_invitations(clock.now())
    assert asked() == 0
    mail = db.session.scalars(select(Message).where(Message.kind == "alert")).one()
    assert mail.recipient == "alice@webshop.example"
    assert f"/invitation-lists/{drawn().id}" in mail.text
    assert "250" in mail.text


def test_a_manager_approves_and_they_are_asked(alice: Colleague, bob: Colleague, survey: Survey) -> None:
    send(bob, listed(bob, survey, MANY))
    place = f"/invitation-lists/{drawn().id}"
    assert place in get(alice, "/large-steps").links().values()
    assert bob.post(f"{place}/release").status_code == 403
    assert alice.post(f"{place}/release").status_code == 303
    assert alice.post(f"{place}/release").status_code == 409
    jobs.send_invitations(clock.now())
    assert asked() == 250
    assert place not in get(alice, "/large-steps").links().values()


def test_a_list_that_waits_stands_above_the_inbox_of_a_manager_until_it_is_decided(
    alice: Colleague, bob: Colleague, survey: Survey
) -> None:
    send(bob, listed(bob, survey, MANY))
    place, top = f"/invitation-lists/{drawn().id}", get(alice, "/inbox")
    assert "First of all 1 waits for you Ask 250 people: " in top.words
    assert place in top.links().values()
    assert "First of all" not in get(bob, "/inbox").words
    alice.post(f"{place}/release")
    assert "First of all" not in get(alice, "/inbox").words


def test_many_lists_that_wait_are_five_and_how_many_more(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    waits = {"released_at": None, "finished_at": None, "people": 300, "usual": 1}
    with writing():
        here = db.session.merge(survey)
        for _ in range(7):
            a_list(here, now, **waits)
    top = get(alice, "/inbox")
    assert "First of all 7" in top.words
    assert top.links()["2 more wait for you"] == "/large-steps"


def test_lists_of_another_organisation_wait_elsewhere(
    app: Flask, people: Cast, bob: Colleague, survey: Survey
) -> None:
    send(bob, listed(bob, survey, MANY))
    assert "First of all" not in get(signed_in(app, people.charlie), "/inbox").words


def test_a_manager_refuses_and_whoever_asked_reads_why(
    alice: Colleague, bob: Colleague, survey: Survey
) -> None:
    send(bob, listed(bob, survey, MANY))
    place = f"/invitation-lists/{drawn().id}"
    assert alice.post(f"{place}/refusal", data={"reason": " "}).status_code == 422
    alice.post(f"{place}/refusal", data={"reason": "Not in December."})
    assert "Not in December." in get(bob, place).words
    asking = get(bob, f"/surveys/{survey.id}/invitations")
    assert "A list of 250 people refused Alice Adams: Not in December." in asking.words
    assert place in asking.links().values()
    jobs.send_invitations(clock.now())
    assert asked() == 0
    assert drawn().rows == [], "addresses that are not needed are not kept"


def test_fewer_than_two_hundred_wait_for_nobody(bob: Colleague, survey: Survey) -> None:
    send(bob, listed(bob, survey, "\n".join(f"r{n}@example.com" for n in range(199))))
    jobs.send_invitations(clock.now())
    assert asked() == 199


# Who may


def test_a_viewer_and_a_stranger_ask_nobody_and_another_organisation_sees_nothing(
    app: Flask, people: Cast, bob: Colleague, survey: Survey, now: datetime
) -> None:
    listed(bob, survey, "new@example.com")
    place, charlie = f"/invitation-lists/{drawn().id}", signed_in(app, people.charlie)
    assert charlie.get(place).status_code == 404
    assert charlie.post(f"{place}/confirmation").status_code == 404
    assert charlie.get(f"/surveys/{survey.id}/invitations").status_code == 404
    assert charlie.get(f"/surveys/{survey.id}/qr.svg").status_code == 404
    assert app.test_client().get(place).status_code == 401
