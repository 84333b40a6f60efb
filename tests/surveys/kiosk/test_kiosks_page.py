"""Where managers give a tablet its link, and take it back."""

import pytest
from flask import Flask

from core import clock, links
from core.db import db, writing
from surveys.kiosk import kiosks
from surveys.kiosk.models import Kiosk
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.hostile import WORDS
from tests.loop import opened_survey
from tests.pages import Page, get, send


@pytest.fixture
def survey(people: Cast) -> Survey:
    with writing():
        return opened_survey(people, clock.now())


def made() -> list[Kiosk]:
    db.session.rollback()
    return list(db.session.query(Kiosk).order_by(Kiosk.id))


def test_a_manager_makes_a_link_and_ends_it(alice: Colleague, survey: Survey) -> None:
    page = get(alice, f"/surveys/{survey.id}/kiosks")
    assert page.heading == "On a tablet at your counter"
    after = get(alice, send(alice, page, name="Desk nine").location)
    (kiosk,) = made()
    assert "Desk nine" in after.words
    assert links.public_url(kiosks.path(kiosk)) in after.words
    assert get(alice, kiosks.path(kiosk)).status == 200
    assert alice.post(f"/surveys/kiosks/{kiosk.id}/ending").status_code == 303
    assert made()[0].ended_at
    assert kiosks.path(kiosk) not in get(alice, f"/surveys/{survey.id}/kiosks").html
    assert get(alice, kiosks.path(kiosk)).status == 410


@pytest.mark.parametrize("name", ["", " ", "x" * 81])
def test_a_name_says_where_it_stands(alice: Colleague, survey: Survey, name: str) -> None:
    page = Page(send(alice, get(alice, f"/surveys/{survey.id}/kiosks"), name=name))
    assert page.status == 422
    assert page.errors()["name"]
    assert made() == []


def test_the_longest_name_is_kept_and_hostile_words_are_words(alice: Colleague, survey: Survey) -> None:
    for name in ("x" * 80, WORDS["script"][:80]):
        assert alice.post(f"/surveys/{survey.id}/kiosks", data={"name": name}).status_code == 303
    assert len(made()) == 2
    assert "<script>alert" not in get(alice, f"/surveys/{survey.id}/kiosks").html


def test_the_page_of_the_survey_leads_there_and_a_draft_says_that_it_waits(
    alice: Colleague, people: Cast, survey: Survey
) -> None:
    assert f"/surveys/{survey.id}/kiosks" in get(alice, f"/surveys/{survey.id}").links().values()
    with writing():
        db.session.get_one(Survey, survey.id).opened_at = None
    assert "until it is, the tablet says so" in get(alice, f"/surveys/{survey.id}/kiosks").words


def test_an_agent_and_another_organisation_cannot(app: Flask, people: Cast, survey: Survey) -> None:
    with writing():
        kiosk = kiosks.make(survey, "The counter", clock.now())
    assert signed_in(app, people.bob).post(f"/surveys/kiosks/{kiosk.id}/ending").status_code == 403
    assert signed_in(app, people.charlie).post(f"/surveys/kiosks/{kiosk.id}/ending").status_code == 404
    assert made()[0].ended_at is None
