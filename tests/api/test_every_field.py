"""Every field of every body, with what no field expects: a problem with a sentence, never a failure, and nothing kept."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from core.db import db
from surveys.models_responses import Answer, Response
from tests.api.programs import STRONGER, SURVEY, Program
from tests.hostile import ADDRESSES, DAYS, UNKEEPABLE
from triage.models import Action, Tag

ANSWER: dict[str, Any] = {
    "answers": {"csat": 2, "comment": "De doos was stuk."},
    "customer": {"email": "rita@example.com", "name": "Rita", "phone": "06 1", "external_id": "K-1", "language": "nl", "channel": "mail"},
    "submitted_at": "2026-01-02T03:04:05Z", "follow_up": True,
}  # fmt: skip
ACTION: dict[str, Any] = {
    "kind": "planned", "title": "Stevigere dozen", "public_note": STRONGER, "owner": "bob@webshop.example", "due_on": "2030-01-01",
    "done_on": "2026-01-01", "reason": "Omdat het moet.", "overrule": "Zo is het.",
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "/surveys": {
        **SURVEY,
        "slug": "another",
        "signer": "alice@webshop.example",
        "deputy": "bob@webshop.example",
    },
    "/surveys/bestelling/responses": ANSWER,
    "/actions": ACTION,
    "/tags": {"comment_ids": [1], "action_id": 1},
    "/comments/1/notes": {"text": "@bob weet meer.", "mention": ["bob@webshop.example"]},
    "/promises/1/moves": {"due_at": "2030-01-01", "reason": "De leverancier is te laat."},
    "/reports": {"survey": "bestelling", "from": "2026-10-01", "to": "2026-10-31", "language": "nl"},
}
Path = tuple[str | int, ...]
ODD: tuple[Any, ...] = (
    0,
    -1,
    2**63 - 1,
    -(2**63),
    1.5,
    1e300,
    True,
    [],
    {},
    [[[]]],
    {"x": {"y": [None]}},
    *UNKEEPABLE.values(),
)
LONG = "ß" * 70_000


def leaves(body: Any, path: Path = ()) -> Iterator[Path]:
    """The place of every value in a body."""
    if isinstance(body, dict | list):
        for key, below in body.items() if isinstance(body, dict) else enumerate(body):
            yield from leaves(below, (*path, key))
    else:
        yield path


def with_value(body: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    changed: Any = copy.deepcopy(body)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed  # type: ignore[no-any-return]


@pytest.fixture
def ready(manager: Program, survey: str) -> Program:
    """A survey, an answer and an action to speak of."""
    manager.answered()
    manager.decided()
    return manager


def rows() -> list[int]:
    db.session.rollback()
    return [db.session.query(table).count() for table in (Response, Answer, Action, Tag)]


@pytest.mark.parametrize("path", BODIES)
def test_the_bodies_are_sound_as_they_are(ready: Program, path: str) -> None:
    assert ready.send("POST", path, BODIES[path]).status_code in {201, 202}


@pytest.mark.parametrize("path", BODIES)
def test_an_odd_value_in_any_field_is_answered(ready: Program, path: str, subtests: pytest.Subtests) -> None:
    for place in leaves(BODIES[path]):
        for value in ODD:
            with subtests.test(f"{place} {value!r}"[:80]):
                assert ready.send("POST", path, with_value(BODIES[path], place, value)).status_code < 500


@pytest.mark.both_databases
@pytest.mark.parametrize("path", BODIES)
def test_what_cannot_be_kept_is_refused_in_any_field(
    ready: Program, path: str, subtests: pytest.Subtests
) -> None:
    before = rows()
    for place in leaves(BODIES[path]):
        for value in UNKEEPABLE.values():
            with subtests.test(f"{place} {value!r}"):
                said = ready.refused("POST", path, with_value(BODIES[path], place, value))
                assert "cannot be kept" in said
    assert rows() == before


@pytest.mark.both_databases
@pytest.mark.parametrize("path", BODIES)
def test_what_is_too_long_is_refused_in_any_field(
    ready: Program, path: str, subtests: pytest.Subtests
) -> None:
    before = rows()
    for place in leaves(BODIES[path]):
        with subtests.test(str(place)):
            answer = ready.send("POST", path, with_value(BODIES[path], place, LONG))
            assert answer.status_code in {404, 422}, "404: a survey of such a name is not there"
    assert rows() == before


@pytest.mark.parametrize("path", BODIES)
def test_a_name_that_is_not_there_is_named(ready: Program, path: str) -> None:
    said = ready.refused("POST", path, {**BODIES[path], "shoe_size": 43})
    assert said == "“shoe_size”: There is no such name here."


@pytest.mark.parametrize("path", BODIES)
def test_nothing_optional_is_needed(ready: Program, path: str, subtests: pytest.Subtests) -> None:
    """null means left out: each field by itself, and what is needed is said to be missing."""
    for name in BODIES[path]:
        with subtests.test(name):
            nulled = ready.send("POST", path, {**BODIES[path], name: None})
            left_out = ready.send("POST", path, {k: v for k, v in BODIES[path].items() if k != name})
            assert nulled.status_code in {201, 202, 409, 422}
            slug = path == "/surveys"
            assert slug or nulled.status_code == left_out.status_code


@pytest.mark.security("header injection")
def test_what_is_not_one_address_is_nobodys(ready: Program, subtests: pytest.Subtests) -> None:
    for address in ADDRESSES:
        with subtests.test(address):
            assert "is not a mail address" in ready.refused(
                "POST", "/surveys/bestelling/responses", with_value(ANSWER, ("customer", "email"), address)
            )
            assert ready.refused("POST", "/actions", {**ACTION, "owner": address})


@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_cannot_be(ready: Program, day: str) -> None:
    if not day:
        pytest.skip("an empty text is judged with the odd values")
    for path, name in (
        ("/actions", "due_on"),
        ("/actions", "done_on"),
        ("/promises/1/moves", "due_at"),
        ("/reports", "from"),
        ("/reports", "to"),
    ):
        assert ready.refused("POST", path, {**BODIES[path], name: day}), name
