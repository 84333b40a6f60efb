"""The published document: anybody may read it, it is sound, it closes every list, and the API does what it says."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort

from core.access import Role
from core.api import rest
from followup.models import STEPS
from followup.shapes import MESSAGES
from promises.models import CAUSES, ENDS, HOW
from promises.wording import WHY_NOT
from surveys.models_responses import CHANNELS
from tests.api.programs import API, Program, document_of
from tests.cast import Cast
from triage.models import EMOTIONS, KINDS

CALLS = {
    "/surveys": {"get", "post"},
    "/surveys/{slug}": {"get"},
    "/surveys/{slug}/invitations": {"post"},
    "/surveys/{slug}/opening": {"post", "delete"},
    "/surveys/{slug}/responses": {"post"},
    "/responses/{response_id}": {"get"},
    "/comments": {"get"},
    "/themes": {"get"},
    "/themes/{theme_id}": {"patch", "delete"},
    "/themes/{theme_id}/merger": {"post"},
    "/comments/{comment_id}/notes": {"get", "post"},
    "/actions": {"post"},
    "/actions/{action_id}": {"patch"},
    "/actions/{action_id}/correction": {"post"},
    "/actions/{action_id}/moves": {"post"},
    "/promises/{promise_id}/progress": {"post"},
    "/tags": {"post"},
    "/tags/{tag_id}": {"delete"},
    "/promises/{promise_id}/moves": {"post"},
    "/rounds": {"get"},
    "/rounds/{round_id}/approval": {"post"},
    "/large-steps": {"get"},
    "/large-steps/{step_id}": {"get"},
    "/large-steps/{step_id}/approval": {"post"},
    "/large-steps/{step_id}/refusal": {"post"},
    "/incoming-messages": {"post"},
    "/ledger": {"get"},
    "/reports": {"post"},
    "/reports/{report_id}": {"get"},
    "/reports/{report_id}.pdf": {"get"},
}
CLOSED = {
    ("SurveyAnswer", "state"): ["draft", "open", "closed"],
    ("Submitted", "state"): ["told", "promised", "unreachable", "missing"],
    ("Submitted", "reason"): list(WHY_NOT),
    ("ResponseAnswer", "reason"): list(WHY_NOT),
    ("PromiseAnswer", "channel"): list(CHANNELS),
    ("PromiseAnswer", "because"): list(CAUSES),
    ("PromiseAnswer", "ended_as"): [*ENDS, None],
    ("MessageAnswer", "kind"): list(MESSAGES),
    ("LargeStepAnswer", "kind"): list(STEPS),
    ("LargeStepAnswer", "state"): ["waiting", "approved", "refused"],
    ("CommentAnswer", "emotion"): [*EMOTIONS, None],
    ("CommentAnswer", "state"): ["open", "held", "settled"],
    ("ActionBody", "kind"): list(KINDS),
    ("CustomerBody", "channel"): [*CHANNELS, "none", None],
    ("ReportAnswer", "state"): ["queued", "rendering", "ready", "failed"],
    ("IncomingAnswer", "kind"): ["reply", "bounce", "complaint", "auto_reply", "other"],
}


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    return document_of(app)


def test_strangers_may_read_it(app: Flask) -> None:
    answer = app.test_client().get(f"{API}/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.json is not None
    assert answer.json["openapi"] == "3.1.0"


def test_it_is_made_once_for_all_who_ask_at_once(
    app_of_its_own: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    describe = rest._described

    def counted(*of: Any) -> dict[str, Any]:
        made.append(of)
        return describe(*of)

    monkeypatch.setattr(rest, "_described", counted)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _n: app_of_its_own.test_client().get(rest.DOCUMENT).text, range(4)))
    assert len(set(answers)) == len(made) == 1


def test_it_names_every_call_and_no_other(document: dict[str, Any]) -> None:
    methods = {"get", "post", "patch", "put", "delete"}
    assert {
        path.removeprefix(API): held.keys() & methods for path, held in document["paths"].items()
    } == CALLS


def test_every_list_of_values_is_closed(document: dict[str, Any]) -> None:
    for (shape, name), values in CLOSED.items():
        assert document["components"]["schemas"][shape]["properties"][name]["enum"] == values, (shape, name)
    assert document["components"]["schemas"]["Role"]["enum"] == [role.name for role in Role]
    assert set(document["components"]["schemas"]["ToldHow"]["properties"]) == set(HOW)


def test_every_answer_has_a_shape(document: dict[str, Any]) -> None:
    for path, held in document["paths"].items():
        for method, operation in held.items():
            if method == "parameters":
                continue
            for status in [code for code in operation["responses"] if code.startswith("2")]:
                content = operation["responses"][status].get("content", {"": {"schema": True}})
                assert next(iter(content.values()))["schema"] or path.endswith(".pdf"), (method, path)
            assert operation["responses"]["default"] == {"$ref": "#/components/responses/Refused"}


def test_every_shape_is_a_sound_schema(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(
            {**schema, "$schema": "https://json-schema.org/draft/2020-12/schema"}
        ), name


def test_what_may_be_left_out_may_be_null(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        if name.endswith("Body"):
            optional = schema["properties"].keys() - set(schema.get("required", []))
            assert all(
                "null" in str(schema["properties"][field]) or not schema["properties"][field].get("type")
                for field in optional
            ), name


@schemathesis.serializer("message/rfc822")
def as_it_is(_context: Any, value: Any) -> bytes:
    """A made-up message, for the one call that takes no JSON."""
    return str(value).encode(errors="replace")


@pytest.mark.settings(hold_minutes=0)
def test_nothing_that_fits_or_does_not_fit_the_document_makes_it_fail(
    app: Flask, manager: Program, people: Cast
) -> None:
    """Requests made up from the document itself, sound and unsound: none is a failure of ours."""
    filled(manager)
    schema: Any = schemathesis.openapi.from_dict(document_of(app))
    schema.app = app
    for found in schema.get_all_operations():
        _try(found.ok(), manager)


def filled(manager: Program) -> None:
    """One row of each, so that made-up ids find something."""
    manager.opened_survey("0")
    manager.answered("0")
    manager.post("/tags", {"comment_ids": [1], "action_id": manager.decided("planned", due_on="2030-01-01")})


def _try(operation: Any, manager: Program) -> None:
    modes = list(schemathesis.GenerationMode)

    @given(
        case=operation.as_strategy(generation_mode=modes[0]) | operation.as_strategy(generation_mode=modes[1])
    )
    @effort(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def never_fails(case: Any) -> None:
        answer = case.call(headers={"x-api-key": manager.key})
        assert answer.status_code < 500, (case.as_curl_command(), answer.text)

    never_fails()
