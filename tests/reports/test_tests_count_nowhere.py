"""What colleagues answer to try a survey out is in no count, list, figure, file, mail or page but the one that says so."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import jobs, links
from core.db import db, writing
from customers.models import Customer
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Promise
from reports import queries
from reports.period import period
from scheduler import TICKS
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.loop import answered, opened_survey
from tests.pages import get
from triage.models import Comment
from triage.models_index import CommentIndex

WORD = "zwavelgeel"
PAGES = (
    "/inbox",
    "/ledger",
    "/promises",
    "/customers",
    "/surveys",
    "/actions",
    "/mailbox",
    "/reports",
    "/s/bestelling/you-said",
)


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        survey = opened_survey(people, now)
        answered(survey, now, "A real one.", score=4)
    return survey


@pytest.fixture
def alice(app: object, people: Cast) -> Colleague:
    return signed_in(app, people.alice)  # type: ignore[arg-type]


@pytest.fixture
def tried(client: FlaskClient, survey: Survey) -> Response:
    """Through its page, as a colleague does."""
    address = f"/t/{links.token('trial', survey.id)}"
    form = get(client, address).form()
    said = {
        "csat": "1",
        "comment": f"A bomb, {WORD}.",
        "contact-wants": "mail",
        "contact-email": "test@example.com",
    }
    assert client.post(address, data={**form, **said}).status_code == 303
    return db.session.scalars(select(Response).where(Response.is_test)).one()


def count(model: Any) -> int:
    return db.session.scalar(select(func.count(model.id))) or 0


def test_the_ledger_adds_up_without_it(survey: Survey, tried: Response) -> None:
    found = ledger(Scope(survey.organisation_id))
    assert (found.responses, found.promised) == (1, 1)
    assert count(Promise) == 1


def test_nobody_gets_it_as_work_and_no_alarm_rings(survey: Survey, tried: Response) -> None:
    assert count(Comment) == 1
    assert db.session.scalar(select(func.count(CommentIndex.comment_id))) == 1


def test_no_figure_holds_it(survey: Survey, tried: Response, now: datetime) -> None:
    around = period(survey, now.date() - timedelta(days=2), now.date() + timedelta(days=2), now)
    assert queries.satisfaction(around).scores == (0, 0, 0, 1, 0)


def test_no_page_of_staff_or_strangers_says_its_words(
    alice: Colleague, survey: Survey, tried: Response
) -> None:
    for address in (
        *PAGES,
        f"/surveys/{survey.id}",
        f"/surveys/{survey.id}/rounds",
        "/ledger?survey=bestelling",
    ):
        answer = alice.get(address)
        assert answer.status_code == 200, address
        assert WORD not in answer.text, address
        assert "test@example.com" not in answer.text, address


def test_nobody_is_remembered_and_nothing_is_ever_sent(
    survey: Survey, tried: Response, now: datetime
) -> None:
    assert count(Customer) == 1
    for days in (0, 1, 8, 35):
        jobs.run_all(TICKS, now + timedelta(days=days))
        db.session.rollback()
    assert not [m for m in db.session.scalars(select(Message)) if WORD in m.subject]
    assert db.session.scalar(select(func.count(Promise.id)).where(Promise.response_id == tried.id)) == 0


def test_the_metrics_do_not_count_it(survey: Survey, tried: Response) -> None:
    real = select(func.count(Response.id)).where(Response.is_test.is_(False))
    assert db.session.scalar(real) == 1
    assert ledger(Scope(survey.organisation_id)).adds_up


def test_a_round_in_which_there_were_only_tests_asks_for_no_digest(
    people: Cast, client: FlaskClient, alice: Colleague, now: datetime
) -> None:
    with writing():
        plan = opened_survey(people, now, "alleen-tests")
    address = f"/t/{links.token('trial', plan.id)}"
    client.post(address, data={**get(client, address).form(), "csat": "1", "contact-wants": "page"})
    before = count(Message)
    for days in (1, 35, 36):
        jobs.run_all(TICKS, now + timedelta(days=days))
        db.session.rollback()
    assert count(Message) == before
    assert alice.get(f"/surveys/{plan.id}/rounds").status_code == 200
