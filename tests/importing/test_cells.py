"""What a cell says: as programs write it, as a spreadsheet does, or in the words that people chose."""

from datetime import UTC, datetime

import pytest

from core.errors import DomainError
from surveys.imports.columns import guessed, offered
from surveys.imports.rows import moment_of, value
from surveys.models import Question, Version
from tests.hostile import UNKEEPABLE

CHOICES = {
    "choices": [
        {"key": "1", "words": {"en": "The box", "nl": "De doos"}},
        {"key": "2", "words": {"en": "The courier"}},
    ]
}
BOX = {**CHOICES, "rows": [{"key": "a", "words": {"en": "A"}}]}


def asked(kind: str, **options: object) -> Question:
    return Question(
        key=kind, kind=kind, position=1, prompt={"en": f"About {kind}?", "nl": "Waarover?"}, options=options
    )


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("kind", "options", "cell", "expected"),
    [
        ("csat", {}, "4", (4, None)),
        ("csat", {}, " 4,0 ", (4, None)),
        ("nps", {}, "10.00", (10, None)),
        ("yes_no", {}, "Ja", (None, "yes")),
        ("yes_no", {}, "no", (None, "no")),
        ("single_choice", CHOICES, "de doos", (None, "1")),
        ("single_choice", CHOICES, "2", (None, "2")),
        ("multiple_choice", CHOICES, "The courier; The box", (None, '["1", "2"]')),
        ("multiple_choice", CHOICES, '["2"]', (None, '["2"]')),
        ("ranking", CHOICES, "2;1", (None, '["2", "1"]')),
        ("matrix", BOX, '{"a": "1"}', (None, '{"a": "1"}')),
        ("expectation_gap", {}, '{"expected": 4, "experienced": 2}', (-2, '{"expected": 4, "experienced": 2}')),
        ("date", {}, "2026-11-26", (None, "2026-11-26")),
        ("date", {}, "26-11-2026", (None, "2026-11-26")),
        ("emotion", {}, "angry", (None, "angry")),
        ("long_text", {}, "  as typed\r\n", (None, "  as typed\n")),
        ("short_text", {}, "[1", (None, "[1")),
        ("consent", {}, "yes", (None, "yes")),
        ("consent", {}, "no", None),
        ("hidden", {}, "A-17", (None, "A-17")),
        ("csat", {}, "  ", None),
        ("contact", {}, "Rita", None),
    ],
)  # fmt: skip
def test_an_answer_is_read(kind: str, options: dict[str, object], cell: str, expected: object) -> None:
    assert value(asked(kind, **options), cell) == expected


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("kind", "options", "cell"),
    [
        ("csat", {}, "6"), ("csat", {}, "four"), ("single_choice", CHOICES, "The weather"), ("yes_no", {}, "perhaps"),
        ("date", {}, "31-02-2026"), ("matrix", BOX, "{"), ("ranking", CHOICES, "1"), ("multiple_choice", CHOICES, '[["1"]]'),
        *(("long_text", {}, text) for text in UNKEEPABLE.values()),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused_with_a_sentence(
    kind: str, options: dict[str, object], cell: str
) -> None:
    with pytest.raises(DomainError):
        value(asked(kind, **options), cell)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-02T10:00:00Z", (2026, 11, 2, 10, 0)),
        ("2026-11-02T10:00:00+01:00", (2026, 11, 2, 9, 0)),
        ("2026-11-02 10:00", (2026, 11, 2, 9, 0)),
        ("2-11-2026 9:05", (2026, 11, 2, 8, 5)),
        ("02/11/2026", (2026, 11, 2, 11, 0)),
        ("2026-11-02", (2026, 11, 2, 11, 0)),
    ],
)
def test_a_moment_without_a_zone_is_on_the_clock_of_the_organisation(
    text: str, expected: tuple[int, int, int, int, int]
) -> None:
    year, month, day, hour, minute = expected
    assert moment_of(text, "Europe/Amsterdam") == datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    "text",
    ["yesterday", "30-02-2026", "2026-13-01", "1-1-99999", "01-01-2026 25:00", "0001-01-01T00:00:00+14:00"],
)
def test_a_moment_that_never_was_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        moment_of(text, "Europe/Amsterdam")


@pytest.mark.usefixtures("english")
def test_a_column_is_known_by_the_key_of_a_question_by_its_words_or_by_what_tools_call_it() -> None:
    version = Version(questions=[asked("csat"), asked("long_text"), asked("contact")])
    version.questions[1].key = "email"
    header = ["csat", "About csat?", "Email", "email", "Klantnummer", "Themes", "weather"]
    assert guessed(header, version) == [
        "question:csat",
        "question:csat",
        "email",
        "question:email",
        "external_id",
        "",
        "",
    ]
    assert ("question:csat", "csat: About csat?") in offered(version)
    assert "question:contact" not in dict(offered(version))
