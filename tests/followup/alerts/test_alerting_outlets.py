"""Alerts in chat, sent by the clock to a real gateway: the kinds that were chosen, once, not in heaps, and without words or names."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts import alerts
from core.db import db, writing
from core.settings import settings
from followup.alerts.alerting_outlets import LEASE, alert_outlets
from followup.alerts.outlets_finding import unheard
from followup.steps.large_steps import hold
from outbox import holding
from outbox.alarming import alarm
from outbox.models_outlets import Outlet, OutletNotice
from outbox.outlets import keeping
from outbox.outlets.errands import Outcome
from outbox.outlets.sealing import seal
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import said, scored
from tests.gateway import Gateway, running
from tests.loop import decided

THREAT = "Your driver is an asshole. If he comes again I'm going to punch him."
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.settings(alert_hosts=("127.0.0.1",))


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as server:
        yield server


def outlet(
    people: Cast, gateway: Gateway, now: datetime, word: str = "hook", kinds: Sequence[str] = tuple(alerts.OF_OUTLETS)
) -> Outlet:  # fmt: skip
    judged = sealed(gateway.address(word))
    with writing():
        return keeping.add(people.webshop.id, f"Chat {word}", judged, kinds, now)


def sealed(address: str) -> Outcome:
    return Outcome(service="JSON", shown="json://…", sealed=seal(address, settings().keys))


def messages(gateway: Gateway) -> list[tuple[str, str]]:
    """(title, message)"""
    return [(m["title"], m["message"]) for m in map(json.loads, gateway.texts)]


def noted(**equal: object) -> int:
    return db.session.scalar(select(func.count(OutletNotice.id)).filter_by(**equal)) or 0


@pytest.mark.both_databases
def test_a_threat_is_told_once_in_the_organisations_language_without_words_or_names(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    with writing():
        people.webshop.language = "en"
    outlet(people, gateway, now)
    comment = said(survey, now, THREAT, score=4)
    assert [alert_outlets(now + each * MINUTE) for each in (1, 2, 60)] == [1, 0, 0]
    assert messages(gateway) == [
        (
            "Webshop: Read 1 answer now: somebody may be in danger",
            f"http://127.0.0.1:8000/responses/{comment.response_id}",
        )
    ]
    sent = "".join(gateway.texts)
    assert not [secret for secret in ("punch", "driver", "Rita", "rita@") if secret in sent]


def test_several_kinds_are_one_message_the_gravest_first(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    with writing():
        people.webshop.language = "en"
    outlet(people, gateway, now)
    for number in range(7):
        scored(survey, now, score=1, email=f"person{number}@example.com")
    with writing():
        alarm("breaker", "sending stopped: too many tries failed", now)
        hold("tags", decided(people, now), 700, 20, None, now)
    assert alert_outlets(now + MINUTE) == 1
    ((title, body),) = messages(gateway)
    assert title == "Webshop: The mail server refused some mail; what can go out goes out"
    assert body.splitlines()[0] == "http://127.0.0.1:8000/mailbox"
    assert "7 people are dissatisfied" in body
    assert body.count("/responses/") == 5
    assert body.endswith("And 2 more.")


def test_it_hears_only_of_the_kinds_that_were_chosen_for_it(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    outlet(people, gateway, now, "threats", ["threat"])
    outlet(people, gateway, now, "scores", ["detractor"])
    outlet(people, gateway, now, "nothing", [])
    scored(survey, now, score=1)
    assert alert_outlets(now + MINUTE) == 1
    assert [path.rpartition("/")[2] for path, _body in gateway.heard] == ["scores"]


@pytest.mark.both_databases
def test_one_of_a_kind_in_a_quarter_of_an_hour_and_the_rest_in_the_next(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    outlet(people, gateway, now)
    scored(survey, now, score=1)
    assert alert_outlets(now) == 1
    for number in range(3):
        scored(survey, now + MINUTE, score=1, email=f"person{number}@example.com")
    assert [alert_outlets(now + minutes * MINUTE) for minutes in (1, 14, 15)] == [0, 0, 1]
    assert messages(gateway)[-1][0].startswith("Webshop: 3 ")


def test_a_promise_in_danger_once_a_working_day_from_eight(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    outlet(people, gateway, now, kinds=["promise"])
    said(survey, now - timedelta(days=6))
    assert alert_outlets(now.replace(hour=6)) == 0, "seven in Amsterdam"
    assert [alert_outlets(now + hours * timedelta(hours=1)) for hours in (0, 1, 5)] == [1, 0, 0]
    assert "/promises" in messages(gateway)[0][1]


@pytest.mark.both_databases
def test_what_it_does_not_take_is_kept_and_tried_again_later_each_time(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    row = outlet(people, gateway, now, "bad")
    scored(survey, now, score=1)
    tries = [minutes for minutes in range(30) if _tried(gateway, now + minutes * MINUTE)]
    assert tries == [0, 1, 6, 21]
    assert (row.problem, row.reply, row.failed_at) == ("answer", "404 no such hook", now + 21 * MINUTE)
    assert noted(sent_at=None) == 1


def _tried(gateway: Gateway, now: datetime) -> bool:
    before = len(gateway.heard)
    assert alert_outlets(now) == 0
    return len(gateway.heard) > before


def test_after_a_day_it_is_news_no_more(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    outlet(people, gateway, now, "bad")
    scored(survey, now, score=1)
    alert_outlets(now)
    alert_outlets(now + timedelta(hours=25))
    assert (len(gateway.heard), noted(sent_at=None)) == (1, 0)


def test_one_that_is_broken_holds_no_other_up(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    broken, fine = outlet(people, gateway, now, "no"), outlet(people, gateway, now, "fine")
    scored(survey, now, score=1)
    assert alert_outlets(now) == 1
    assert (broken.problem, broken.reply, fine.problem, fine.sent_at) == (
        "said_no",
        "channel_not_found",
        None,
        now,
    )


def test_when_it_works_again_what_was_wrong_is_over(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    row = outlet(people, gateway, now, "bad")
    scored(survey, now, score=1)
    alert_outlets(now)
    judged = sealed(gateway.address("mended"))
    with writing():
        keeping.change(row, "Mended", ["detractor"], now, judged)
    assert alert_outlets(now + MINUTE) == 1
    assert (row.problem, row.failed_at, row.tries, row.reply) == (None, None, 0, "")


def test_a_clock_that_ended_half_way_leaves_it_to_the_next(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    row = outlet(people, gateway, now)
    scored(survey, now, score=1)
    with writing():
        row.claimed_until = now + LEASE
    assert [alert_outlets(now + MINUTE), alert_outlets(now + LEASE)] == [0, 1]


def test_nothing_goes_there_while_mail_is_on_hold(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    outlet(people, gateway, now)
    scored(survey, now, score=1)
    with writing():
        holding.hold("restored", now)
    assert (alert_outlets(now), gateway.heard) == (0, [])
    with writing():
        holding.release("Alice", now)
    assert alert_outlets(now + MINUTE) == 1


def test_one_that_was_removed_hears_nothing_and_its_address_is_gone(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    row = outlet(people, gateway, now)
    scored(survey, now, score=1)
    with writing():
        keeping.remove(row, now)
    assert (alert_outlets(now), gateway.heard, row.sealed) == (0, [], "")


def test_another_organisation_hears_nothing_of_it(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime
) -> None:
    judged = sealed(gateway.address("hook"))
    with writing():
        keeping.add(people.housing.id, "Theirs", judged, list(alerts.OF_OUTLETS), now)
    scored(survey, now, score=1)
    said(survey, now, THREAT, email="b@example.com")
    assert unheard(now) == []


def test_the_address_is_in_no_row_as_it_was_given(
    app: Flask, people: Cast, gateway: Gateway, now: datetime
) -> None:
    outlet(people, gateway, now)
    rows = db.session.execute(select(Outlet.__table__)).all()
    assert "a-secret-of-the-channel" not in str(rows)


def test_those_that_have_to_wait_take_nobodys_turn(
    people: Cast, survey: Survey, gateway: Gateway, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("followup.alerts.alerting_outlets.MOST", 1)
    for word in ("first", "second"):
        outlet(people, gateway, now, word)
    scored(survey, now, score=1)
    assert alert_outlets(now) == 1
    scored(survey, now, score=1, email="rob@example.com")
    assert alert_outlets(now + MINUTE) == 1
    assert [path.rpartition("/")[2] for path, _body in gateway.heard] == ["first", "second"]
