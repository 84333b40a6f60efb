"""How many are reached, how, in which language; and who not: for any number at once, by the rule of one."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core.db import db, writing
from followup.reaching import Hearers, hearers, unreachable
from outbox.suppressing import suppress
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.desk import scored


def of_all(people: Cast) -> Hearers:
    return hearers(people.webshop.id, select(Response.id))


@pytest.mark.both_databases
def test_by_channel_and_language_an_address_once(people: Cast, survey: Survey, now: datetime) -> None:
    for language in ("en", "nl"):
        scored(survey, now, email="twice@example.com", language=language)
    scored(survey, now, email="other@example.com", language="en")
    scored(survey, now, email="page@example.com", wants="page", language="nl")
    found = of_all(people)
    assert found.by == {("mail", "nl"): 1, ("mail", "en"): 1, ("page", "nl"): 1}
    assert (found.mail, found.page) == (2, 1)
    assert found.without(["nl"]) == {"en": 1}


def test_whoever_left_only_the_mail_that_asks_is_reached(people: Cast, survey: Survey, now: datetime) -> None:
    scored(survey, now, email="rita@example.com")
    with writing():
        suppress(people.webshop.id, "rita@example.com", "unsubscribed", now, "survey")
    assert (of_all(people).mail, of_all(people).not_reached) == (1, {})


@pytest.mark.both_databases
def test_who_is_not_reached_and_why(people: Cast, survey: Survey, now: datetime) -> None:
    for reason in ("declined", "unsubscribed", "suppressed", "erased", "history", ""):
        response = scored(
            survey, now, email=f"{reason}@example.com", wants="none" if reason == "declined" else "mail"
        )
        with writing():
            if reason in {"unsubscribed", "suppressed"}:
                suppress(
                    people.webshop.id,
                    f"{reason}@example.com",
                    {"suppressed": "hard_bounce"}.get(reason, reason),
                    now,
                )
            response.erased_at = now if reason == "erased" else None
            response.history = reason == "history"
    found = of_all(people)
    assert found.not_reached == dict.fromkeys(
        ("declined", "unsubscribed", "suppressed", "erased", "history"), 1
    )
    assert found.by == {("mail", "en"): 1}
    one_by_one = [unreachable(r) for r in db.session.scalars(select(Response))]
    assert sorted(filter(None, one_by_one)) == sorted(found.not_reached)


def test_an_answer_that_is_set_apart_does_not_silence_another_of_the_same_address(
    people: Cast, survey: Survey, now: datetime
) -> None:
    gone = scored(survey, now)
    scored(survey, now)
    with writing():
        gone.history = True
    assert of_all(people).by == {("mail", "en"): 1}
