"""What an answer costs: a stranger's first visit, and the rows behind it."""

from collections.abc import Callable
from cProfile import Profile
from datetime import datetime
from pstats import Stats

import pytest
from flask.testing import FlaskClient

from core import links
from core.db import db, writing
from script.benchmarks.page import BYTES, REQUESTS, first_visit
from surveys.models import Survey
from tests.cast import Cast
from tests.core.test_rows import statements_of
from tests.loop import answered
from tests.pages import send
from tests.surveys.answers import opened, responses, values

MOST_STATEMENTS = 15
"""Of an answer with a comment by somebody new: one BEGIN, six looks, eight INSERTs."""
MOST_CALLS = {"GET": 1_600, "POST": 4_240}


@pytest.fixture
def own_page(people: Cast, survey: Survey, now: datetime) -> str:
    with writing():
        response = answered(survey, now)
        return links.path("status", response.id, response.link_version)


@pytest.mark.parametrize(
    "path", ["/s/bestelling", "/s/bestelling?lang=nl&csat=2", "/s/bestelling/you-said", "/"]
)
def test_a_first_visit_is_three_requests_and_thirty_kilobytes(
    client: FlaskClient, survey: Survey, path: str
) -> None:
    light(client, path)


def test_so_is_a_respondents_own_page(client: FlaskClient, own_page: str) -> None:
    light(client, own_page)


def light(client: FlaskClient, path: str) -> None:
    visit = first_visit(client, path)
    assert len(visit.addresses) <= REQUESTS, visit.addresses
    assert visit.bytes <= BYTES
    assert not [a for a in visit.addresses if not a.startswith("/")], "nothing from anybody else"
    assert not [a for a in visit.addresses if a.endswith((".js", ".woff2"))]


def test_an_answer_asks_the_database_little(client: FlaskClient, survey: Survey) -> None:
    page = opened(client)
    send(client, page, csat="2", contact__wants="page", comment="First of the month.")
    page = opened(client)
    who = {"contact__wants": "mail", "contact__email": "new@example.com", "contact__name": "Nel"}
    asked = statements_of(lambda: send(client, page, csat="2", comment="The box was torn.", **who))
    assert len(asked) <= MOST_STATEMENTS, "\n".join(asked)
    assert not [s for s in asked if s.startswith("UPDATE")]
    assert len(responses()) == 2


def test_many_questions_are_written_at_once(client: FlaskClient, long_survey: Survey) -> None:
    page = opened(client, "/s/alles")
    said = {"csat": "2", "nps": "7", "feel": "angry", "kept": "no", "about": "1", "comment": "Torn."}
    asked = statements_of(lambda: send(client, page, **said, contact__wants="page"))
    assert len([s for s in asked if s.startswith("INSERT INTO answer ")]) == 1
    (response,) = responses()
    assert values(response).keys() == said.keys()


def calls_of(work: Callable[[], object]) -> int:
    """How many functions ran, of Python and of C: a busy machine cannot change it."""
    profile = Profile()
    profile.runcall(work)
    return int(Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_an_answer_costs_few_calls(client: FlaskClient, survey: Survey) -> None:
    """A tenth above what it took when this was written, the test client's own among them."""
    who = {"contact__wants": "mail", "contact__name": "Nel", "comment": "The box was torn."}
    for n in range(2):
        send(client, opened(client), csat="2", contact__email=f"n{n}@example.com", **who)
    page = opened(client)
    assert calls_of(lambda: client.get("/s/bestelling")) <= MOST_CALLS["GET"]
    sending = {
        **page.form(),
        "csat": "2",
        "contact-wants": "mail",
        "contact-email": "new@example.com",
        "comment": "Torn.",
    }
    assert calls_of(lambda: client.post("/s/bestelling", data=sending)) <= MOST_CALLS["POST"]


def test_a_closed_survey_takes_no_lock(client: FlaskClient, survey: Survey, now: datetime) -> None:
    """Whoever cannot be taken does not keep others waiting either."""
    page = opened(client)
    with writing():
        db.session.merge(survey).closed_at = now
    asked = statements_of(lambda: send(client, page, csat="2", contact__wants="page"))
    assert "BEGIN IMMEDIATE" not in asked
