"""Many answers from one address: kept and flagged above sixty an hour, refused only above twenty a second."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.db import db
from promises.models import Promise
from surveys.models import Survey
from surveys.models_responses import Response
from surveys.pace import PLACES, Pace
from tests.pages import get, send


def test_the_bound_itself_is_allowed_and_one_more_is_not() -> None:
    pace = Pace(60, 3_600)
    assert [pace.is_over("192.0.2.1", n) for n in range(60)] == [False] * 60
    assert pace.is_over("192.0.2.1", 60)
    assert not pace.is_over("192.0.2.2", 60), "another address is another one"


def test_what_is_longer_ago_does_not_count() -> None:
    pace = Pace(20, 100)
    assert not any(pace.is_over("192.0.2.1", n * 5) for n in range(200)), "twenty in a hundred, for long"
    assert pace.is_over("192.0.2.1", 996)


def test_it_remembers_no_more_than_it_can_hold() -> None:
    pace = Pace(1, 3_600)
    for n in range(PLACES + 1):
        pace.is_over(f"address {n}", 0)
    assert pace.is_over(f"address {PLACES}", 1)
    assert not pace.is_over("address 0", 1), "forgotten"


def test_a_suspect_answer_is_kept_flagged_and_owed_a_word(
    app: Flask, client: FlaskClient, survey: Survey
) -> None:
    app.extensions["pace_of_answers"] = Pace(1, 3_600)
    for _ in range(2):
        assert send(client, get(client, "/s/bestelling"), csat="5", contact__wants="page").status_code == 303
    first, second = db.session.scalars(select(Response).order_by(Response.id))
    assert (first.suspect_at, bool(second.suspect_at)) == (None, True)
    assert db.session.scalar(select(func.count(Promise.id))) == 2


def test_a_rush_is_refused_for_a_moment_and_says_so(app: Flask, client: FlaskClient, survey: Survey) -> None:
    app.extensions["pace_of_requests"] = Pace(1, 3_600)
    there = {"REMOTE_ADDR": "192.0.2.1"}
    codes = [
        client.post("/s/bestelling", data={"comment": "Some words of mine"}, environ_base=there).status_code
        for _ in range(2)
    ]
    assert codes == [422, 429]
    assert client.get("/s/bestelling", environ_base=there).status_code == 200, "looking is never refused"
    assert client.post("/s/bestelling", data={}, environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 422
