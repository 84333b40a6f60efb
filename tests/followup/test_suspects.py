"""An answer that may be a machine's: kept, owed a word, in no figure until a colleague says that a person sent it."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.access import Role
from core.db import db, writing
from core.models import Event
from promises.ledger import Scope, ledger
from reports import queries
from reports.period import period
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.followup.respondent import new
from tests.pages import Page, get, send


@pytest.fixture
def suspect(survey: Survey, now: datetime) -> Response:
    new(survey, now, "Mine is real.", email="real@example.com", score=5)
    return new(survey, now, "Buy my <b>pills</b>.", suspect=True, score=1)


def scores(survey: Survey, now: datetime) -> tuple[int, ...]:
    db.session.rollback()
    return queries.satisfaction(period(survey, date(2026, 11, 1), date(2026, 11, 30), now)).scores


def words(survey: Survey, now: datetime) -> list[str]:
    return [
        v.words for v in queries.all_verbatims(period(survey, date(2026, 11, 1), date(2026, 11, 30), now))
    ]


def say(client: Colleague, response: Response, says: str, **more: str) -> Page:
    answer = client.post(f"/responses/{response.id}/suspicion", data={"says": says, **more})
    assert answer.status_code == 303
    return get(client, answer.location)


def test_it_stands_in_no_score_and_no_quote(suspect: Response, now: datetime) -> None:
    assert scores(suspect.survey, now) == (0, 0, 0, 0, 1)
    assert words(suspect.survey, now) == ["Mine is real."]
    assert queries.comments(period(suspect.survey, date(2026, 11, 1), date(2026, 11, 30), now)) == 1


def test_it_is_owed_a_word_and_counted_among_those_who_are(suspect: Response) -> None:
    found = ledger(Scope(suspect.organisation_id))
    assert (found.responses, found.promised, found.adds_up) == (2, 2, True)


def test_confirmed_it_counts_like_any_other(bob: Colleague, suspect: Response, now: datetime) -> None:
    page = say(bob, suspect, "genuine")
    assert "it counts in the figures from now on" in page.words
    assert scores(suspect.survey, now) == (1, 0, 0, 0, 1)
    assert sorted(words(suspect.survey, now)) == ["Buy my <b>pills</b>.", "Mine is real."]


def test_a_machines_stays_out_and_is_not_thrown_away(
    bob: Colleague, suspect: Response, now: datetime
) -> None:
    page = say(bob, suspect, "machine")
    assert "a machine's, a colleague says" in page.words
    assert "Buy my <b>pills</b>." in page.words
    assert scores(suspect.survey, now) == (0, 0, 0, 0, 1)
    assert ledger(Scope(suspect.organisation_id)).responses == 2


def test_another_colleague_may_say_otherwise(bob: Colleague, suspect: Response, now: datetime) -> None:
    for says in ("machine", "genuine", "genuine"):
        say(bob, suspect, says)
    db.session.refresh(suspect)
    assert (bool(suspect.genuine_at), suspect.machine_at, suspect.is_sound) == (True, None, True)
    verbs = db.session.scalars(select(Event.verb).where(Event.subject_type == "response").order_by(Event.id))
    assert [v for v in verbs if v in {"response.machine", "response.genuine"}] == [
        "response.machine",
        "response.genuine",
        "response.genuine",
    ]


def test_the_comment_says_so_and_its_history_who_decided(bob: Colleague, suspect: Response) -> None:
    page = get(bob, "/comments/2")
    assert "may be a machine's" in page.words
    assert "A person sent it" in page.words
    page = say(bob, suspect, "genuine", back="/comments/2?state=open")
    assert "It was kept as a person's answer Bob Bakker" in page.words


def test_it_leads_to_no_other_site(bob: Colleague, suspect: Response) -> None:
    answer = bob.post(
        f"/responses/{suspect.id}/suspicion", data={"says": "machine", "back": "//evil.example"}
    )
    assert answer.location == "/"


def test_an_answer_that_nobody_suspects_says_nothing_of_it(bob: Colleague, suspect: Response) -> None:
    assert "may be a machine" not in get(bob, "/responses/1").words
    answer = bob.post("/responses/1/suspicion", data={"says": "machine"})
    assert answer.status_code == 422
    assert "Nobody took this answer for a machine's" in Page(answer).words


@pytest.mark.parametrize("says", ["", "neither", "<b>"])
def test_anything_else_decides_nothing(bob: Colleague, suspect: Response, says: str) -> None:
    say(bob, suspect, says)
    db.session.refresh(suspect)
    assert suspect.is_suspect


def test_they_are_listed_and_counted_on_the_page_of_their_survey(bob: Colleague, suspect: Response) -> None:
    assert "Answers that may be a machine's · 1 to look at" in get(bob, "/surveys/1").words
    page = get(bob, "/surveys/1/suspects")
    assert "Buy my <b>pills</b>." in page.words
    assert "Mine is real." not in page.words
    assert send(bob, page, says="genuine").location == "/surveys/1/suspects"
    assert "to look at" not in get(bob, "/surveys/1").words


def test_who_only_looks_decides_nothing(vera: Colleague, suspect: Response) -> None:
    assert "It was a machine" not in get(vera, "/surveys/1/suspects").words
    assert vera.post("/responses/2/suspicion", data={"says": "genuine"}).status_code == 403
    assert Role.viewer < Role.agent


def test_another_organisation_sees_nothing(charlie: Colleague, suspect: Response) -> None:
    assert charlie.get("/surveys/1/suspects").status_code == 404
    assert charlie.post("/responses/2/suspicion", data={"says": "genuine"}).status_code == 404


def test_an_empty_page_says_when_one_comes_here(bob: Colleague, survey: Survey) -> None:
    assert "when more than sixty came from one address" in get(bob, "/surveys/1/suspects").words


@pytest.mark.both_databases
@pytest.mark.parametrize("column", ["genuine_at", "machine_at"])
def test_the_database_keeps_a_decision_to_what_was_suspected(
    people: Cast, survey: Survey, now: datetime, column: str
) -> None:
    response = new(survey, now)
    with pytest.raises(IntegrityError), writing():
        setattr(db.session.get_one(Response, response.id), column, now)
