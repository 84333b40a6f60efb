"""Days as people write them, counted from Wednesday 25 November 2026."""

from datetime import date

import pytest

from tests.triage.writing.conftest import TODAY
from triage.writing.days import Day, a_week_on, days, is_background


def day(text: str, language: str) -> Day:
    """The one that says most: "Friday 4 December" names two."""
    return max(
        days(text.lower(), language, TODAY), key=lambda found: (bool(found.on), found.end - found.start)
    )


@pytest.mark.parametrize(
    ("text", "language", "on"),
    [
        ("op vrijdag 4 december", "nl", "2026-12-04"),
        ("3/12/2026", "nl", "2026-12-03"),
        ("3/12/2026", "en", "2026-12-03"),
        ("12/25/2026", "en", "2026-12-25"),
        ("3-12-26", "nl", "2026-12-03"),
        ("3.12.2026", "nl", "2026-12-03"),
        ("2026-12-03", "en", "2026-12-03"),
        ("op 3/12", "nl", "2026-12-03"),
        ("by 3/12", "en", "2026-12-03"),
        ("de vierde december", "nl", "2026-12-04"),
        ("4e december", "nl", "2026-12-04"),
        ("4 dec. 2026", "nl", "2026-12-04"),
        ("the fourth of December", "en", "2026-12-04"),
        ("December 4th, 2026", "en", "2026-12-04"),
        ("4th December", "en", "2026-12-04"),
        ("Dec 4", "en", "2026-12-04"),
        ("the twenty-first of December", "en", "2026-12-21"),
        ("eenentwintigste december", "nl", "2026-12-21"),
        ("3 november", "nl", "2026-11-03"),
        ("15 januari", "nl", "2027-01-15"),
        ("29 februari 2028", "nl", "2028-02-29"),
        ("eind januari", "nl", "2027-01-31"),
        ("in December", "en", "2026-12-31"),
        ("by the end of February 2027", "en", "2027-02-28"),
    ],
)
def test_a_day_is_read(text: str, language: str, on: str) -> None:
    one = day(text, language)
    assert one.on == date.fromisoformat(on)
    assert one.past == (date.fromisoformat(on) < TODAY)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("vrijdag", "nl"), ("volgende week", "nl"), ("binnen twee weken", "nl"), ("over 3 werkdagen", "nl"), ("overmorgen", "nl"),
        ("vandaag", "nl"), ("vóór de kerst", "nl"), ("in week 50", "nl"), ("eind van deze week", "nl"), ("over een maand", "nl"),
        ("on Friday", "en"), ("next week", "en"), ("within two weeks", "en"), ("in 3 working days", "en"), ("tomorrow", "en"),
        ("today", "en"), ("before Christmas", "en"), ("in week 50", "en"), ("end of this week", "en"), ("within the hour", "en"),
        ("{due_on}", "nl"), ("{due_on}", "en"),
    ],
)  # fmt: skip
def test_a_day_to_come_is_known_without_its_date(text: str, language: str) -> None:
    assert not day(text, language).past


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("gisteren", "nl"), ("vorige week vrijdag", "nl"), ("afgelopen maandag", "nl"), ("drie dagen geleden", "nl"),
        ("yesterday", "en"), ("last Friday", "en"), ("last week", "en"), ("three days ago", "en"), ("a month ago", "en"),
    ],
)  # fmt: skip
def test_a_day_gone_by_is_known_without_its_date(text: str, language: str) -> None:
    assert day(text, language).past


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("een paar dagen", "nl"), ("de komende weken", "nl"), ("binnenkort", "nl"), ("24/7", "nl"), ("4 lampen", "nl"), ("31 februari", "nl"),
        ("9-17", "nl"), ("99/99/2026", "nl"), ("a few days", "en"), ("the coming weeks", "en"), ("Priya may do it", "en"), ("march on", "en"),
        ("4 lamps", "en"), ("31 June", "en"), ("the second lamp", "en"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_day_is_none(text: str, language: str) -> None:
    assert not days(text.lower(), language, TODAY)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("sinds 3 november", "nl", True),
        ("uw bericht van 3 november", "nl", True),
        ("kees komt op 3 november", "nl", False),
        ("since 3 november", "en", True),
        ("you wrote on 3 november", "en", True),
        ("tom comes on 3 november", "en", False),
    ],
)
def test_what_went_before_is_no_day_of_the_plan(text: str, language: str, expected: bool) -> None:
    (one,) = days(text, language, TODAY)
    assert is_background(text, language, one) == expected


def test_the_example_is_a_friday_at_least_a_week_away() -> None:
    assert a_week_on(TODAY) == date(2026, 12, 4)
    assert a_week_on(date(2026, 11, 27)) == date(2026, 12, 4)
