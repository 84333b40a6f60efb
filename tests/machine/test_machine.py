"""The state machine on both databases: small here, as large as you like by `script/torture machine`."""

import os
import secrets
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase
from hypothesis import settings as effort
from hypothesis.stateful import run_state_machine_as_test

from followup.steps import large_steps
from outbox import claiming, sweeping
from tests.machine.house import House
from tests.machine.machine import Machine
from tests.sink import Sink

STORIES, STEPS = (int(os.environ.get(name, n)) for name, n in (("STORIES", 4), ("STEPS", 25)))
EFFORT = effort(
    max_examples=STORIES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize="STORIES" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink] if "SHRINK" in os.environ else [Phase.generate],
)


@pytest.mark.both_databases
def test_the_laws_hold_whatever_happens(
    app: Flask, smtp_server: Sink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(smtp_server, tmp_path)
    for module in (claiming, sweeping):  # leases run by the clock of the house
        monkeypatch.setattr(module, "database_time", lambda: house.now)
    monkeypatch.setattr(large_steps, "FLOOR", 2)  # few people live here, and a usual day is no measure
    monkeypatch.setattr(large_steps, "TIMES", 0)
    monkeypatch.setattr(secrets.SystemRandom, "random", lambda _self: 1.0)  # the same story twice
    story: Any = partial(Machine, house)
    run_state_machine_as_test(story, settings=EFFORT)
