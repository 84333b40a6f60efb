"""A code for who answered: by a rule that sees no score, one a person, given once, in the message and on their page."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import rows
from core.db import db, writing
from core.errors import DomainError
from followup.alerts.alerting import alert_managers
from followup.composing import compose_due
from followup.rewards import reward_codes
from followup.rewards.models import Pool, RewardCode
from followup.rewards.reward_codes import Added, Rule, add, choose, given_by, named
from followup.rewards.rewarding import left, running_low
from outbox.models import Message
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.followup.respondent import page_of
from tests.hostile import WORDS
from tests.loop import answered, decided, settled

DAY = timedelta(days=1)
WHAT = {"en": "5 euros off your next order", "nl": "5 euro korting op uw volgende bestelling"}


def pool_of(
    survey: Survey, now: datetime, rule: str = "all", codes: int = 5, every: int = 1, low_at: int = 0
) -> Pool:
    with writing():
        pool = choose(survey, Rule(WHAT, rule, every, low_at), now)
        add(pool, [(n, [f"THANKS-{n}"]) for n in range(1, codes + 1)], now)
    return pool


def told(people: Cast, survey: Survey, now: datetime, kind: str = "done", **values: Any) -> Response:
    """Somebody who answers and hears what came of it."""
    with writing():
        response = answered(survey, now, **values)
        settled(response, decided(people, now, kind), now)
    compose_due(now)
    return response


def given(pool: Pool) -> list[tuple[str, int | None]]:
    of_it = select(RewardCode.code, RewardCode.response_id).where(RewardCode.pool_id == pool.id)
    found = db.session.execute(of_it.where(RewardCode.given_at.is_not(None)).order_by(RewardCode.id))
    return [(row.code, row.response_id) for row in found]


@pytest.mark.both_databases
def test_the_code_is_in_the_message_and_on_their_page(
    people: Cast, survey: Survey, client: FlaskClient, now: datetime
) -> None:
    pool = pool_of(survey, now)
    rita = told(people, survey, now)
    assert given(pool) == [("THANKS-1", rita.id)]
    (mail,) = db.session.scalars(select(Message))
    said = "With our thanks: 5 euros off your next order. Your code: THANKS-1"
    assert said in mail.text
    assert said in mail.html
    assert said in page_of(client, rita).words
    (code,) = db.session.scalars(select(RewardCode).where(RewardCode.given_at.is_not(None)))
    assert (code.given_at, code.given_by) == (now, "clock")


@pytest.mark.both_databases
def test_nobody_gets_two(people: Cast, survey: Survey, now: datetime) -> None:
    pool = pool_of(survey, now)
    told(people, survey, now)
    told(people, survey, now + DAY)
    assert len(given(pool)) == 1
    told(people, survey, now + DAY, email="rob@example.com")
    assert [code for code, _ in given(pool)] == ["THANKS-1", "THANKS-2"]


def test_who_hears_on_their_own_page_gets_one_too(
    people: Cast, survey: Survey, client: FlaskClient, now: datetime
) -> None:
    pool = pool_of(survey, now)
    for wants in ("one", "two"):
        with writing():
            response = answered(survey, now, wants="page", comment=f"On page {wants}.")
            settled(response, decided(people, now), now)
    assert compose_due(now) == 2
    assert len(given(pool)) == 2, "nobody knows whether they are one person"
    assert "THANKS-" in page_of(client, response).words


@pytest.mark.parametrize(
    ("kind", "gets"),
    [("done", True), ("planned", True), ("wont_do", False), ("already", False), ("thanks", False)],
)
def test_by_action_only_what_changes_something_counts(
    people: Cast, survey: Survey, now: datetime, kind: str, gets: bool
) -> None:
    pool = pool_of(survey, now, "action")
    told(people, survey, now, kind)
    assert bool(given(pool)) is gets


def test_by_number_every_third_answer_gets_one(people: Cast, survey: Survey, now: datetime) -> None:
    pool = pool_of(survey, now, "nth", every=3)
    people_told = [told(people, survey, now, email=f"r{n}@example.com") for n in range(7)]
    assert [id for _, id in given(pool)] == [people_told[2].id, people_told[5].id]


@pytest.mark.parametrize("rule", ["action", "nth", "all"])
def test_no_rule_sees_the_score(people: Cast, survey: Survey, now: datetime, rule: str) -> None:
    pool = pool_of(survey, now, rule, codes=9)
    for score in (1, 2, 3, 4, 5):
        told(people, survey, now, email=f"s{score}@example.com", score=score)
    assert [(key, of, got) for key, of, got in given_by(pool, "score")] == [
        (str(n), 1, 1) for n in range(1, 6)
    ]


def test_a_pool_that_is_empty_gives_nothing_and_tells_all_the_same(
    people: Cast, survey: Survey, now: datetime
) -> None:
    pool = pool_of(survey, now, codes=1)
    told(people, survey, now)
    rob = told(people, survey, now, email="rob@example.com")
    assert (left(pool), len(given(pool)), reward_codes.given(pool)) == (0, 1, 1)
    message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert message
    assert (message.recipient, "Your code" in message.text) == (rob.identity and rob.identity.value, False)


def test_a_pool_that_was_stopped_gives_nothing(people: Cast, survey: Survey, now: datetime) -> None:
    pool = pool_of(survey, now)
    with writing():
        choose(survey, Rule(WHAT, "all", 1, 0, gives=False), now)
    told(people, survey, now)
    assert not given(pool)
    assert not running_low(people.webshop.id)


def test_what_a_machine_may_have_sent_gets_none(people: Cast, survey: Survey, now: datetime) -> None:
    pool = pool_of(survey, now)
    told(people, survey, now, suspect=True)
    assert not given(pool)


@pytest.mark.both_databases
def test_the_database_refuses_a_second_of_either(people: Cast, survey: Survey, now: datetime) -> None:
    pool = pool_of(survey, now)
    rita = told(people, survey, now)
    person = db.session.scalar(select(RewardCode.person).where(RewardCode.response_id == rita.id))
    with pytest.raises(IntegrityError), writing():
        rows.put(RewardCode, pool_id=pool.id, code="THANKS-1", given_by="")
    with pytest.raises(IntegrityError), writing():
        rows.put(RewardCode, pool_id=pool.id, code="NEW", person=person, given_at=now, given_by="")


@pytest.mark.both_databases
def test_two_clocks_give_what_one_would(app: Flask, people: Cast, survey: Survey, now: datetime) -> None:
    pool = pool_of(survey, now, codes=9)
    with writing():
        for n in range(6):
            response = answered(survey, now, email=f"p{n % 3}@example.com")
            settled(response, decided(people, now), now)
    id, start = pool.id, Barrier(2)

    def clock() -> None:
        with app.app_context():
            start.wait()
            compose_due(now)

    threads = [Thread(target=clock) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    compose_due(now)
    db.session.rollback()
    persons = select(func.count(RewardCode.id), func.count(func.distinct(RewardCode.person)))
    assert tuple(
        db.session.execute(persons.where(RewardCode.pool_id == id, RewardCode.given_at.is_not(None))).one()
    ) == (3, 3)


def test_ten_thousand_lines_of_which_twenty_stand_twice(people: Cast, survey: Survey, now: datetime) -> None:
    pool = pool_of(survey, now, codes=1)
    lines = [(n, [f"CODE-{n if n > 20 else n + 20}"]) for n in range(1, 10_001)]
    with writing():
        added = add(pool, lines, now)
    assert (added.new, len(added.twice)) == (9_980, 20)
    assert left(pool) == 9_981
    assert named(added.twice) == "21, 22, 23, 24, 25, 26, 27, 28, 29, 30…"


def test_a_first_line_that_names_the_column_is_no_code(people: Cast, survey: Survey, now: datetime) -> None:
    pool = pool_of(survey, now)
    with writing():
        assert add(
            pool, [(1, ["Code", "Value"]), (2, ["A1", "5"]), (3, []), (4, [" A1 "]), (5, ["x" * 101])], now
        ) == Added(1, [4], [5])


@pytest.mark.parametrize("lines", [[], [(1, [])], [(1, [""])], [(1, ["codes"])]])
def test_no_code_at_all_is_a_sentence(
    people: Cast, survey: Survey, now: datetime, lines: list[tuple[int, list[str]]]
) -> None:
    pool = pool_of(survey, now)
    with pytest.raises(DomainError, match="no code in it"), writing():
        add(pool, lines, now)


def test_any_words_are_a_code_as_they_stand(people: Cast, survey: Survey, now: datetime) -> None:
    pool = pool_of(survey, now)
    with writing():
        add(pool, [(n, [words.replace("\x00", "")]) for n, words in enumerate(WORDS.values(), start=2)], now)
    assert all(len(code) <= 100 for code in db.session.scalars(select(RewardCode.code)))


def test_managers_hear_once_a_day_that_it_runs_low(people: Cast, survey: Survey, now: datetime) -> None:
    pool_of(survey, now, codes=3, low_at=4)
    morning = now.replace(hour=9) + DAY
    assert alert_managers(morning) >= 1
    mail = db.session.scalars(select(Message).where(Message.kind == "alert")).first()
    assert mail
    assert "3" in mail.text
    assert alert_managers(morning) == 0
