"""A sender of text messages is killed while its gateway thinks: what it marked is openly unknown, and never sent again (R12, R13)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from core import clock
from core.settings import Settings
from outbox.jobs import hand_back
from outbox.numbers import there
from outbox.queries import counts
from tests.cast import Cast
from tests.gateway import Gateway, running
from tests.outbox.post import attempts
from tests.outbox.texts import row, set_up, text
from tests.processes.senders import Nursery, kill, states

EVERYWHERE = ("+31 6 12345678", "+1 808 922 1234", "+91 98765 43210", "+54 9 11 2345 6789")
"""Numbers around the world: at any hour it is day where one of them rings."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as server:
        yield server


def test_it_is_day_somewhere() -> None:
    midnight = clock.now().replace(hour=0, minute=0)
    for half in range(48):
        moment = midnight + half * timedelta(minutes=30)
        assert not all(there(number, "Europe/Amsterdam", moment).quiet for number in EVERYWHERE), moment


def test_killed_between_mark_and_answer(
    app: Flask, people: Cast, settings: Settings, gateway: Gateway
) -> None:
    set_up(people.webshop, gateway.address("hang"))
    now = clock.now()
    awake = next(number for number in EVERYWHERE if not there(number, "Europe/Amsterdam", now).quiet)
    message = text(people.webshop, now, awake)
    with Nursery(settings, "smtp://127.0.0.1:9", ALERT_HOSTS="127.0.0.1") as nursery:
        first = nursery.start()
        nursery.until(lambda: gateway.heard, seconds=30)
        assert states() == {"transmitting": 1}, "it was committed before the request"
        kill(first)
        gateway.over.set()
        nursery.start()
        nursery.until(lambda: states() == {"unknown": 1}, seconds=30)
        hand_back(clock.now())
    assert [attempt.outcome for attempt in attempts(message)] == ["unknown"]
    assert len(gateway.heard) == 1, "whoever comes after it does not send it again"
    assert counts(people.webshop.id).adds_up
    assert row().tries == 0, "nobody heard what the gateway said"
