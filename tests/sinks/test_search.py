"""Hostile words are found by search as soon as they were said, and as words: no wildcard, no statement, no syntax."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from core.access import Role
from core.db import db, writing
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from tests.api.programs import Program
from tests.browser import Colleague
from tests.cast import Cast, make_customer
from tests.desk import said
from tests.hostile import WORDS
from tests.pages import get
from triage.inbox import inbox, segments
from triage.inbox.filters import Filters

pytestmark = pytest.mark.security("sql injection")
SHORT = {name: words for name, words in WORDS.items() if len(words) <= 200 and words == words.strip()}


def found(people: Cast, now: datetime, words: str) -> list[str]:
    page = inbox.page(
        segments.Desk(people.webshop.id, None, now),
        Filters.read({"q": words}),
        "",
        now,
        "Europe/Amsterdam",
        100,
    )
    return [row.text for row in page.rows]


@pytest.mark.both_databases
def test_each_finds_itself_and_what_holds_it(
    people: Cast, sayings: dict[str, Response], now: datetime, subtests: pytest.Subtests
) -> None:
    for name, words in SHORT.items():
        with subtests.test(name):
            texts = found(people, now, words)
            assert words.replace("\r\n", "\n")[:400] in texts
            assert len(texts) <= 3, "and no wildcard among them"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "words", ["%", "_", "%%", "_%", "\\", "*", "' OR ''='", "x%y", "1; SELECT 1", '"', "[a-z]", "100_", "!%"]
)
def test_a_wildcard_is_a_character(people: Cast, survey: Survey, now: datetime, words: str) -> None:
    said(survey, now, "Nothing of the sort.", email="a@example.com")
    assert found(people, now, words) == []
    said(survey, now, f"It says {words} here.", email="b@example.com")
    assert found(people, now, words) == [f"It says {words} here."]


@pytest.mark.both_databases
@pytest.mark.parametrize(("typed", "asked"), [
    ("Één café", "één café"), ("één café", "ÉÉN CAFÉ"), ("Cafe\u0301", "caf\u00e9"), ("caf\u00e9", "cafe\u0301"), ("Łódź", "łódź"), ("ΣΊΓΜΑ", "σίγμα"),
    ("Straße", "straße"), ("IJsland", "ijsland"),
])  # fmt: skip
def test_the_same_word_is_found_however_it_is_typed(
    people: Cast, survey: Survey, now: datetime, typed: str, asked: str
) -> None:
    said(survey, now, f"The word is {typed}, here.")
    assert found(people, now, asked) == [f"The word is {typed}, here."]


@pytest.mark.both_databases
@pytest.mark.parametrize(("name", "asked"), [
    ("Özlem Çelik", "özlem"), ("özlem çelik", "ÖZLEM"), ("Rene\u0301", "ren\u00e9"), ("O'Brien", "o'brien"), ("100% Bike", "100%"), ("Anna_Lena", "a_l"),
])  # fmt: skip
def test_a_customer_is_found_by_their_name(
    alice: Colleague, people: Cast, now: datetime, name: str, asked: str
) -> None:
    with writing():
        make_customer(people.webshop, name, "somebody@example.com", now)
    page = get(alice, "/customers", query_string={"q": asked})
    assert name in page.words
    assert "Rita Ritsema" not in page.words


@pytest.mark.both_databases
def test_a_program_asks_for_hostile_words(
    app: object, people: Cast, sayings: dict[str, Response], subtests: pytest.Subtests
) -> None:
    program = Program(app, people.webshop, Role.viewer)  # type: ignore[arg-type]
    for name, words in SHORT.items():
        with subtests.test(name):
            answer = program.client.get(
                "/api/v1/comments",
                query_string={"q": words},
                headers={"Authorization": f"Bearer {program.key}"},
            )
            assert words in [c["text"] for c in answer.get_json()["data"]]
    assert db.session.scalar(select(func.count(Answer.id))) == 2 * len(WORDS), (
        "and every table is still there"
    )
