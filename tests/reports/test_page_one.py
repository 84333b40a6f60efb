"""Page one of a report of nobody, of one person, of people who all say the same, and of the night in which an hour comes twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask_babel import force_locale

from core.db import writing
from reports.making import gather
from reports.pdf.document import PROFILES, page
from reports.period import period
from reports.summary import Summary, summary
from surveys.models import Survey
from tests.loop import answered
from tests.markup import tree
from tests.reports import samples

NIGHT = datetime.fromisoformat("2026-10-25T00:30+00:00")
"""Half past two in Amsterdam; an hour later it is half past two again."""


def scored(survey: Survey, scores: list[int], at: datetime, apart: timedelta = timedelta()) -> None:
    with writing():
        for n, score in enumerate(scores):
            answered(
                survey, at + n * apart, email=f"{n}@example.com", score=score, submitted_at=at + n * apart
            )


def said(survey: Survey, first: date, last: date, now: datetime) -> tuple[Summary, str]:
    """The sentences of page one, and every word of the report."""
    with force_locale("en"):
        found = gather(period(survey, first, last, now), "en")
        html = page(found, "en", PROFILES[0], found.verbatims.total)
        return summary(found), " ".join("".join(tree(html).itertext()).split())


def november(survey: Survey, now: datetime) -> tuple[Summary, str]:
    return said(survey, date(2026, 11, 1), date(2026, 11, 30), now + timedelta(days=3))


@pytest.mark.parametrize("n", [1, 3, 29])
def test_of_few_it_says_too_few_and_gives_no_percentage(survey: Survey, now: datetime, n: int) -> None:
    scored(survey, [5] * n, now)
    found, report = november(survey, now)
    lines = [line for panel in found.panels for line in (panel.figure, *panel.lines)]
    assert f"{n} is too few for a percentage: that takes 30." in lines
    assert found.highlights[0] == f"How soon people hear: {n} is too few to say; that takes 30."
    assert not any("%" in line or "nine in ten" in line for line in (found.lead, *lines, *found.highlights))
    assert f"{n} response{'s' if n > 1 else ''}" in report


@pytest.mark.parametrize(("score", "figure", "given"), [(5, "100%", "40 of 40 (91% to 100%)"), (1, "0%", "0 of 40 (0% to 9%)")])  # fmt: skip
def test_all_the_same_is_not_certain(survey: Survey, now: datetime, score: int, figure: str, given: str) -> None:  # fmt: skip
    scored(survey, [score] * 40, now)
    found, report = november(survey, now)
    assert found.panels[2].figure == figure
    assert given in found.panels[2].lines[0]
    assert given.split(" (", maxsplit=1)[0].replace(" of ", " ÷ ") in report


def test_of_nobody_it_says_so(survey: Survey, now: datetime) -> None:
    found, report = november(survey, now)
    assert [panel.figure for panel in found.panels] == ["–", "–", "–"]
    assert found.highlights == ()
    assert "Nobody answered in this period." in report
    assert "0 responses" in report


def test_the_night_of_the_autumn_change_is_one_day_by_the_clock_on_the_wall(survey: Survey, now: datetime) -> None:  # fmt: skip
    scored(survey, [4] * 27, NIGHT - timedelta(hours=3), timedelta(hours=1))
    for first, last, n in ((25, 25, 25), (24, 24, 1), (26, 26, 1), (24, 26, 27)):
        _found, report = said(survey, date(2026, 10, first), date(2026, 10, last), now)
        assert f"{n} response" in report
        assert (
            f"{first} October 2026 up to and including {last} October 2026, by the clock of Europe/Amsterdam"
            in report
        )


@pytest.mark.usefixtures("english")
def test_large_numbers_are_read_in_thousands() -> None:
    many = samples.figures()
    many = replace(many, ledger=replace(many.ledger, responses=41_948, told=41_938), loop=replace(many.loop, n=41_948, heard=41_948))  # fmt: skip
    html = page(many, "en", PROFILES[0], 130)
    assert "41,948 responses" in html
    assert "heard <b>41,948</b>" in html
    assert 'class="figure is-long">41,938 of 41,948<' in html
    assert page(many, "en", PROFILES[0], 100).count("30 older ones are in the file of all answers") == 1
