"""`flask writing check`: a text or a line at a time, findings as JSON lines, 1 when something blocks."""

import json
from typing import Any

import pytest
from flask import Flask

KEYS = ["line", "rule", "severity", "start", "end", "why", "instead"]


def run(app: Flask, words: bytes | str, *options: str) -> tuple[int, list[dict[str, Any]]]:
    command = ["writing", "check", "--language", "nl", "--today", "2026-11-25", *options, "-"]
    done = app.test_cli_runner().invoke(args=command, input=words)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_finding_says_where_why_and_what_instead(app: Flask) -> None:
    status, (one,) = run(app, "De balie komt.\nDat is binnenkort klaar.")
    assert list(one) == KEYS
    assert (status, one["line"], one["rule"], one["severity"]) == (1, 2, "vague", "error")
    assert "Dat is binnenkort klaar."[one["start"] : one["end"]] == "binnenkort"
    assert one["instead"] == "uiterlijk vrijdag 4 december"
    assert one["why"] == "Nobody knows when this is. Name the day; it may be a safe one."


def test_a_good_text_says_nothing(app: Flask) -> None:
    assert run(app, "Kees hangt de lamp op vrijdag 4 december op.", "--kind", "planned") == (0, [])


def test_a_warning_does_not_block(app: Flask) -> None:
    status, found = run(app, "De lamp komt op 4 december.", "--kind", "planned")
    assert (status, [(f["rule"], f["severity"]) for f in found]) == (0, [("nobody", "warning")])


def test_each_line_may_be_a_text_of_its_own(app: Flask) -> None:
    text = "Kees komt.\nOp 4 december komt het."
    _status, found = run(app, text, "--kind", "planned", "--lines")
    assert [(f["line"], f["rule"], f["start"]) for f in found] == [(1, "no_date", 0), (2, "nobody", 0)]
    assert run(app, text, "--kind", "planned") == (0, [])


def test_a_day_is_past_from_the_day_that_is_given(app: Flask) -> None:
    words = "Kees komt op 24 november 2026."
    assert run(app, words, "--kind", "planned")[0] == 1
    assert run(app, words, "--kind", "planned", "--today", "2026-11-20") == (0, [])


@pytest.mark.parametrize("words", [b"", b"\n\n", b"\xef\xbb\xbf", "één".encode()])
def test_little_or_nothing_is_read_too(app: Flask, words: bytes) -> None:
    assert run(app, words) == (0, [])


def test_line_ends_of_another_system_move_nothing(app: Flask) -> None:
    _status, found = run(app, "Goed.\r\nDat komt binnenkort.\r\n", "--lines")
    assert [(f["line"], f["start"], f["end"]) for f in found] == [(2, 9, 19)]


def test_what_is_no_text_is_refused_in_a_sentence(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["writing", "check", "--language", "nl", "-"], input=b"\xff\xfe")
    assert (done.exit_code, done.output) == (1, "Error: This is not text in UTF-8.\n")
