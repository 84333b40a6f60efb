"""`flask doctor` goes through everything, without a network too, and ends with 1 only when something is broken."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from core.db import db
from core.jobs import run_all
from outbox.checks import names
from reports import doctor
from reports.checks import drawing
from scheduler import TICKS
from tests.checks.conftest import Changed
from tests.name_server import NameServer
from tests.sink import Sink


def typed(app: Flask, *words: str) -> Any:
    db.session.rollback()
    found = app.test_cli_runner().invoke(args=["doctor", *words])
    db.session.rollback()
    return found


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading WeasyPrint takes a second, and is tested elsewhere."""
    monkeypatch.setattr(drawing, "_LOAD", "print()")


@pytest.fixture
def ticking(app: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("core.clock.now", lambda: now)
    run_all(TICKS, now)


def test_nothing_is_broken_where_nothing_leaves(app: Flask, ticking: None) -> None:
    found = typed(app)
    assert found.exit_code == 0, found.output
    assert "Clock process: It runs. [fine]" in found.output
    assert "    → Set SMTP_URL" in found.output


def test_what_is_broken_ends_it_with_1_and_says_what_to_do(app: Flask) -> None:
    found = typed(app)
    assert (found.exit_code, "    → Start it: script/server does" in found.output) == (1, True)


def test_it_speaks_dutch(app: Flask, ticking: None) -> None:
    found = typed(app, "--language", "nl")
    assert "Klokproces: Het loopt. [in orde]" in found.output


def test_without_a_network_it_says_what_is_not_known(
    changed: Changed, app: Flask, dns: NameServer, ticking: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "SECONDS", 0.1)
    dns.silent = True
    found = typed(app)
    assert "SPF: not known: the name server did not answer" in found.output
    assert found.exit_code == 1, "the mail server cannot be reached"


def test_all_is_well(changed: Changed, app: Flask, dns: NameServer, smtp_server: Sink, ticking: None) -> None:
    changed(smtp_url=smtp_server.url, public_url="https://feedback.our-shop.nl")
    dns.text("our-shop.nl", "v=spf1 mx -all")
    dns.text("_dmarc.our-shop.nl", "v=DMARC1; p=reject")
    found = typed(app)
    assert found.exit_code == 0, found.output
    assert "broken" not in found.output
    assert "look at this" not in found.output


def test_each_check_is_in_the_one_list_once(app: Flask) -> None:
    assert len(set(doctor.CHECKS)) == len(doctor.CHECKS)
