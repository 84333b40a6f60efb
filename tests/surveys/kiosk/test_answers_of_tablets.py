"""Which tablet an answer came from: colleagues read it beside the answer, and beside each tablet how many it brought."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from core import clock
from core.db import db, writing
from reports.erasure.erasing import erase
from surveys import past_time
from surveys.kiosk import kiosks
from surveys.kiosk.models import Kiosk
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.hostile import WORDS
from tests.loop import opened_survey
from tests.pages import get, send
from tests.surveys.answers import responses
from triage.models import Comment


@pytest.fixture
def survey(people: Cast) -> Survey:
    with writing():
        return opened_survey(people, clock.now())


@pytest.fixture
def kiosk(survey: Survey) -> Kiosk:
    with writing():
        return kiosks.make(survey, "Desk nine", clock.now())


def given(client: FlaskClient, kiosk: Kiosk, **typed: str) -> Response:
    sent = send(client, get(client, kiosks.path(kiosk)), csat="2", comment="A long wait.", **typed)
    assert sent.status_code == 303
    return responses()[-1]


def brought(survey: Survey) -> dict[str, int]:
    db.session.rollback()
    return {kiosk.name: answers for kiosk, answers in kiosks.of(survey)}


def comment_of(response: Response) -> Comment:
    return db.session.query(Comment).filter_by(response_id=response.id).one()


@pytest.mark.both_databases
def test_each_tablet_says_how_many_answers_it_brought(
    client: FlaskClient, survey: Survey, kiosk: Kiosk
) -> None:
    with writing():
        other = kiosks.make(survey, "Desk ten", clock.now())
    for tablet in (kiosk, other, kiosk):
        given(client, tablet)
    assert brought(survey) == {"Desk nine": 2, "Desk ten": 1}


def test_one_that_was_ended_still_says_what_it_brought(
    alice: Colleague, client: FlaskClient, survey: Survey, kiosk: Kiosk
) -> None:
    given(client, kiosk)
    with writing():
        kiosks.end(db.session.get_one(Kiosk, kiosk.id), clock.now())
        kiosks.make(survey, "Desk ten", clock.now())
    assert list(brought(survey)) == ["Desk ten", "Desk nine"], "those that are in use first"
    page = get(alice, f"/surveys/{survey.id}/kiosks")
    rows = [" ".join(row.itertext()).split() for row in page.element("main").iter("tr")]
    assert [row[:3] for row in rows if "nine" in row] == [["Desk", "nine", "1"]]
    assert kiosks.path(kiosk) not in page.html, "its link is of no use any more"


def test_colleagues_read_beside_an_answer_where_the_tablet_stands(
    alice: Colleague, client: FlaskClient, kiosk: Kiosk
) -> None:
    response = given(client, kiosk)
    for path in (f"/comments/{comment_of(response).id}", f"/responses/{response.id}"):
        assert "on the tablet “Desk nine”" in get(alice, path).words, path


def test_hostile_words_are_words(alice: Colleague, client: FlaskClient, survey: Survey) -> None:
    with writing():
        kiosk = kiosks.make(survey, WORDS["script"][:80], clock.now())
    page = get(alice, f"/comments/{comment_of(given(client, kiosk)).id}")
    assert "<script>alert" not in page.html


def test_an_answer_that_came_otherwise_names_no_tablet(client: FlaskClient, kiosk: Kiosk) -> None:
    assert send(client, get(client, "/s/bestelling"), csat="2", contact__wants="page").status_code == 303
    assert responses()[-1].kiosk_id is None
    assert kiosks.tablet_of(responses()[-1]) == ""


@pytest.mark.security("the next at the same screen")
def test_of_an_anonymous_survey_no_tablet_is_kept(
    alice: Colleague, client: FlaskClient, survey: Survey, kiosk: Kiosk
) -> None:
    """Where somebody stood, and when, is who they are to a colleague who was there."""
    with writing():
        db.session.get_one(Survey, survey.id).anonymous = True
    assert given(client, kiosk).kiosk_id is None
    assert brought(survey) == {"Desk nine": 0}
    assert "which tablet an answer came from is not kept" in get(alice, f"/surveys/{survey.id}/kiosks").words


@pytest.mark.both_databases
def test_past_its_time_an_answer_forgets_its_tablet(
    client: FlaskClient, survey: Survey, kiosk: Kiosk
) -> None:
    id = given(client, kiosk).id
    with writing():
        past_time.forget_answers([id], clock.now())
    assert brought(survey) == {"Desk nine": 0}
    assert (responses()[-1].source, responses()[-1].score) == ("kiosk", 2), "what is counted stays"


def test_so_does_one_of_somebody_who_is_erased(client: FlaskClient, survey: Survey, kiosk: Kiosk) -> None:
    response = given(client, kiosk, contact__wants="mail", contact__email="nora@example.org")
    assert brought(survey) == {"Desk nine": 1}
    with writing():
        customer = response.customer
        assert customer
        erase(customer, "They asked.", clock.now() + timedelta(minutes=1))
    assert brought(survey) == {"Desk nine": 0}
