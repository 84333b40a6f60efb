"""A promise moved by a program: with plain words, or with the reason in more than one language."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from core.db import db, writing
from promises.models import Promise
from surveys.models_responses import Response
from tests.api.programs import Program
from tests.api.test_loop import journey
from tests.each import each

__all__ = ["journey"]

LATER = {"due_at": "2030-01-04"}
BOTH = {"nl": "De leverancier is laat.", "en": "The supplier is late."}


@pytest.fixture
def promise(manager: Program, survey: str) -> int:
    """Owed to somebody who reads Dutch."""
    return int(manager.answered()["promise"]["id"])


def reads(language: str) -> None:
    with writing():
        db.session.scalars(select(Response)).one().language = language


def reason() -> str:
    db.session.rollback()
    return db.session.scalars(select(Promise.reason).order_by(Promise.id.desc()).limit(1)).one()


def moved(manager: Program, promise: int, said: object, status: int = 201) -> dict[str, object]:
    found: dict[str, object] = manager.ask(
        "POST", f"/promises/{promise}/moves", {**LATER, "reason": said}, status
    )
    return found


def test_plain_words_are_read_as_they_are(manager: Program, promise: int) -> None:
    assert "notice" not in moved(manager, promise, "Zo is het.")
    assert reason() == "Zo is het."


@pytest.mark.parametrize(("language", "read"), [("nl", BOTH["nl"]), ("en", BOTH["en"])])
def test_words_per_language_are_read_in_ones_own(
    manager: Program, promise: int, language: str, read: str
) -> None:
    reads(language)
    assert "notice" not in moved(manager, promise, BOTH)
    assert reason() == read


def test_a_language_that_is_missing_is_said_so(manager: Program, promise: int) -> None:
    reads("de")
    said = moved(manager, promise, BOTH)["notice"]
    assert said == "They chose German, and nobody wrote the reason in German."
    assert reason() == BOTH["nl"], "in the survey's language"


@each(
    "said",
    [
        {},
        {"nl": " "},
        {"fr": "Non."},
        {"nl": 1},
        {"nl": "x" * 1001},
        [],
        1,
        "",
        "x" * 1001,
        {"nl": {"nl": "x"}},
    ],
)
def test_what_is_no_reason_is_refused_with_a_sentence(manager: Program, promise: int, said: object) -> None:
    answer = manager.send("POST", f"/promises/{promise}/moves", {**LATER, "reason": said})
    assert answer.status_code == 422
    assert answer.json
    assert answer.json["detail"]
    assert db.session.scalars(select(Promise)).one().ended_at is None


def test_a_public_holiday_is_taken_and_named(manager: Program, promise: int) -> None:
    body = {"due_at": "2026-12-25", "reason": "Zo is het."}
    said = manager.ask("POST", f"/promises/{promise}/moves", body, 201)["notice"]
    assert said.startswith("Friday 25 December 2026 is a public holiday.")


def test_after_its_date_it_is_moved_no_more(
    manager: Program, promise: int, journey: time_machine.Traveller
) -> None:
    journey.shift(timedelta(days=60))
    sentence = "This promise fell due before now. It can no longer be moved: write what is true today."
    assert (
        manager.refused("POST", f"/promises/{promise}/moves", {**LATER, "reason": "Te laat."}, status=409)
        == sentence
    )


def test_vague_words_are_refused_in_each_language_unless_they_are_kept_for_a_reason(
    manager: Program, promise: int
) -> None:
    for vague in ("Wij komen er zo snel mogelijk op terug.", {**BOTH, "en": "We will be back to you soon."}):
        body = {**LATER, "reason": vague}
        assert "For example" in manager.refused("POST", f"/promises/{promise}/moves", body)
    manager.ask("POST", f"/promises/{promise}/moves", {**body, "overrule": "The lawyers want it so."}, 201)
    assert reason() == BOTH["nl"]
