"""Logs: one JSON object a line, in UTC, without addresses and without anything that opens a page."""

import json
import logging
import secrets
import sys
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
import structlog
from flask import Flask

from accounts import keys
from core import form_tokens, links, logs
from core.access import Role
from core.db import writing
from tests.cast import Cast

ADDRESSES = [
    "rita@example.com",
    "Rita.Ritsema+box@mail.example.co.uk",
    "o'brien@example.org",
    "terugkoppel@localhost",
    "rita@exämple.nl",
]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that gives what was logged so far, each line read as JSON."""
    written, root = StringIO(), logging.getLogger()
    held, level = root.handlers, root.level
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure("DEBUG")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers, root.level = held, level


def everywhere(canary: str) -> None:
    """In every place of a log line that words can get into."""
    log = structlog.get_logger("canary")
    log.info(
        canary,
        to=canary,
        many=[canary, {"deep": (canary,)}],
        error=ValueError(canary),
        raw=canary.encode(),
    )
    logging.getLogger("library").warning("could not reach %s", canary)
    try:
        raise RuntimeError(canary)
    except RuntimeError:
        log.exception("it failed")
        logging.getLogger("library").exception("it failed too")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_masked_wherever_it_stands(lines: Any, address: str) -> None:
    everywhere(address)
    said = json.dumps(lines(), ensure_ascii=False)
    assert address not in said
    assert "[address]" in said


def test_what_opens_a_page_is_masked(app: Flask, people: Cast, lines: Any, now: datetime) -> None:
    with writing():
        _row, key = keys.create(people.webshop.id, "canary", Role.agent, now)
    for secret in (key, links.url("status", 17), links.path("unsubscribe", 3, 2), links.token("bounce", 9)):
        everywhere(secret)
        assert secret.rpartition("/")[2] not in json.dumps(lines())


def test_a_random_token_is_masked_whatever_it_looks_like(lines: Any) -> None:
    tokens = [secrets.token_urlsafe(32) for _ in range(2000)]
    masked = [logs.mask(None, "", {"event": f"GET /sign-in/{token}?next=/"})["event"] for token in tokens]
    assert set(masked) == {"GET /sign-in/[token]?next=/"}


def test_the_heart_of_a_form_token_is_masked(app: Flask, lines: Any) -> None:
    token = form_tokens.issue("survey:a")
    assert token not in str(logs.mask(None, "", {"event": token}))


@pytest.mark.parametrize(
    "words",
    [
        "2026-11-23T09:30:00.000000Z",
        "a-long-name-of-a-file-that-is-nobodys-secret-at-all.py",
        "a" * 64,
        "1.2.3",
    ],
)
def test_other_words_stay_readable(words: str) -> None:
    assert logs.mask(None, "", {"event": words}) == {"event": words}


def test_one_line_is_one_line(lines: Any) -> None:
    structlog.get_logger("canary").info('first\r\n{"event": "forged"}\u2028', who="a\nb")
    (line,) = lines()
    assert line["event"].startswith("first\r\n")


def test_each_line_says_when_in_utc_and_how_bad(lines: Any) -> None:
    structlog.get_logger("canary").warning("careful")
    logging.getLogger("library").error("worse")
    ours, theirs = lines()
    assert (ours["level"], theirs["level"]) == ("warning", "error")
    assert all(line["timestamp"].endswith("Z") for line in (ours, theirs))


def test_a_trace_is_in_the_log_in_one_line(lines: Any) -> None:
    try:
        raise RuntimeError("it broke")
    except RuntimeError:
        structlog.get_logger("canary").exception("failed")
    (line,) = lines()
    assert "RuntimeError: it broke" in line["exception"]
    assert sys.exc_info() == (None, None, None)
