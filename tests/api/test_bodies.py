"""What is sent badly: each time a problem document with a sentence, never a failure of ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from core.access import public
from core.api.bodies import LIMIT
from core.db import db
from core.ids import LAST
from tests.api.programs import API, PROBLEM, Program

BAD = {
    b"{": "not JSON",
    b"{'csat': 2}": "not JSON",
    b"\xff\xfe\xfd": "not JSON",
    b"\x00": "not JSON",
    b'{"kind": NaN}': "not JSON",
    b'{"kind": Infinity}': "not JSON",
    b'{"kind": -Infinity}': "not JSON",
    b"[" * 100_000: "not JSON",
    b"[" * 30 + b"]" * 30: "not JSON",
    b'{"a":' * 30 + b"1" + b"}" * 30: "not JSON",
}
STRANGE = {
    b'{"kind": 1e309}': "The number 1e309 is too great.",
    b'{"kind": -1e309}': "The number -1e309 is too great.",
    b'{"kind": ' + b"9" * 5000 + b"}": "The number 9999999999999999999999999999999999999999 is too great.",
    b'{"kind": %d}' % (LAST + 1): "The number 9223372036854775808 is too great.",
    b'{"\\u0000": 1}': "This text holds a character that cannot be kept.",
    b'{"kind": "\\ud83d"}': "This text holds a character that cannot be kept.",
    b"null": "Give an object: names with values.",
    b'"done"': "Give an object: names with values.",
    b"[]": "Give an object: names with values.",
    b"{}": "“kind”: This is missing.",
    b"": "“kind”: This is missing.",
}
TYPES = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", ""]


def test_what_is_not_json_cannot_be_read(agent: Program, subtests: pytest.Subtests) -> None:
    for raw, part in BAD.items():
        with subtests.test(repr(raw[:20])):
            assert part in agent.refused("POST", "/actions", raw, 400, Content_Type="application/json")


def test_what_no_row_could_hold_is_refused(agent: Program, subtests: pytest.Subtests) -> None:
    for raw, sentence in STRANGE.items():
        with subtests.test(repr(raw[:20])):
            assert sentence in agent.refused("POST", "/actions", raw, 422, Content_Type="application/json")


def test_another_kind_of_content_is_named(agent: Program, subtests: pytest.Subtests) -> None:
    mail = b"Subject: x\r\n\r\nx"
    for kind in TYPES:
        with subtests.test(kind):
            said = agent.refused("POST", "/actions", b'{"kind": "done"}', 415, Content_Type=kind)
            assert said == "Send JSON, and say so: Content-Type: application/json."
            assert "message/rfc822" in agent.refused(
                "POST", "/incoming-messages", mail, 415, Content_Type=kind
            )


def test_json_may_come_with_a_charset_or_a_suffix(manager: Program, survey: str) -> None:
    body = json.dumps({"answers": {"csat": 5}}).encode()
    for kind in ("application/json; charset=utf-8", "application/vnd.example+json"):
        manager.post(f"/surveys/{survey}/responses", body, 201, Content_Type=kind)


def test_a_body_of_64_kb_is_read_and_what_is_too_long_in_it_named(manager: Program, survey: str) -> None:
    body = {"answers": {"csat": 2, "comment": "x" * 64 * 1024}}
    assert "there is room for 5000" in manager.refused("POST", f"/surveys/{survey}/responses", body)


def test_a_body_that_is_too_large_is_not_read(agent: Program) -> None:
    answer = agent.send("POST", "/actions", b'"' + b"x" * LIMIT + b'"', Content_Type="application/json")
    assert (answer.status_code, answer.mimetype) == (413, PROBLEM)


def test_an_address_with_a_number_that_no_row_can_have_is_not_found(
    manager: Program, subtests: pytest.Subtests
) -> None:
    for id in ("0", "1", str(LAST), str(LAST + 1), "9" * 30, "9" * 5000):
        with subtests.test(id[:20]):
            manager.refused("GET", f"/responses/{id}", status=404)
            manager.refused("DELETE", f"/tags/{id}", status=404)
            manager.refused("PATCH", f"/actions/{id}", {"kind": "done"}, 404)


def test_an_address_that_does_not_exist_answers_as_the_others_do(viewer: Program) -> None:
    for path, status in (("/nothing", 404), ("/", 404), ("/responses/x", 404), ("/tags", 405)):
        answer = viewer.send("GET", path)
        assert (answer.status_code, answer.mimetype) == (status, PROBLEM), path
        assert (answer.json or {})["detail"].endswith("."), path


def test_the_sentence_is_in_the_language_that_is_asked_for(viewer: Program) -> None:
    said = {code: viewer.refused("GET", "/surveys?limit=0", Accept_Language=code) for code in ("en", "nl")}
    assert said["en"] != said["nl"]


@public
def _fails(**_: Any) -> str:
    return str(1 // 0)


@pytest.fixture
def broken(app: Flask, viewer: Program) -> Iterator[str]:
    """An endpoint that fails."""
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    (rule,) = [r for r in app.url_map.iter_rules() if r.rule == f"{API}/ledger"]
    app.view_functions[rule.endpoint] = _fails
    yield "/ledger"
    db.session.remove()


def test_a_fault_of_ours_has_a_number_and_no_trace(
    viewer: Program, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = viewer.send("GET", broken)
    assert (answer.status_code, answer.mimetype) == (500, PROBLEM)
    assert "The number of this failure is" in answer.text
    assert "ZeroDivision" not in answer.text
    assert "Traceback" not in answer.text


def test_every_answer_carries_the_headers_of_the_house(viewer: Program) -> None:
    for path in ("/surveys", "/nothing", "/surveys?limit=0"):
        answer = viewer.send("GET", path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
