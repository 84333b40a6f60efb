"""The figures as they are now: the same as in the PDF, and a way from each mark to the comments behind it."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook

from core.db import writing
from reports.making import gather
from reports.period import period
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import alice, charlie, labelled, monday, survey, theme, vera
from tests.each import each
from tests.hostile import foreign
from tests.loop import answered
from tests.pages import Page, get
from triage.commenting import comments_of

__all__ = ["alice", "charlie", "monday", "survey", "vera"]
LIVE = "/reports/figures"


@pytest.fixture
def spoken(people: Cast, survey: Survey, now: datetime) -> Survey:
    """Forty people, of whom twelve wrote in Dutch; one spoke of a theme whose name is a formula."""
    with writing():
        rows = [
            answered(
                survey,
                now,
                email=f"p{n}@example.com",
                score=1 + n % 5,
                language="nl" if n < 12 else "en",
                submitted_at=now,
            )
            for n in range(40)
        ]
    labelled(comments_of(rows[0])[0], theme(people, "box", "=cmd|' /c calc'!A1"), emotion="angry")
    return survey


@pytest.fixture
def felt(people: Cast, survey: Survey, now: datetime) -> Survey:
    """Forty people who hear by mail, two in three of them angry."""
    with writing():
        rows = [answered(survey, now, email=f"p{n}@example.com", submitted_at=now) for n in range(40)]
        for n, row in enumerate(rows):
            comments_of(row)[0].emotion = "happy" if n < 16 else "angry"
    return survey


def test_it_says_what_the_report_says(alice: Colleague, spoken: Survey, now: datetime) -> None:
    page = get(alice, f"{LIVE}?survey=bestelling&first=2026-11-01&last=2026-11-30")
    figures = gather(period(spoken, date(2026, 11, 1), date(2026, 11, 30), now), "en")
    assert figures.satisfaction.csat
    assert "40% gave a 4 or a 5: 16 of 40" in page.words
    assert "Half had" in page.words or "More than half of them wait" in page.words
    assert "=cmd|' /c calc'!A1" in page.words


def test_each_mark_leads_to_the_comments_behind_it(vera: Colleague, spoken: Survey) -> None:
    page = get(vera, f"{LIVE}?survey=bestelling&first=2026-11-01&last=2026-11-30")
    links = [href for href in hrefs(page) if href.startswith("/inbox")]
    for part in ("since=2026-11-01&until=2026-11-30&score=5", "language=en", "theme=box"):
        (link, *_same) = [href for href in links if part in href]
        assert "survey=bestelling" in link
        assert get(vera, link).status == 200


def test_a_bar_of_an_emotion_leads_to_who_felt_so_in_that_month_or_by_that_channel(
    vera: Colleague, felt: Survey
) -> None:
    page = get(vera, f"{LIVE}?survey=bestelling&first=2026-11-01&last=2026-11-30")
    links = [href for href in hrefs(page) if href.startswith("/inbox") and "emotion=angry" in href]
    assert any("since=2026-11-01&until=2026-11-30&emotion=angry" in href for href in links), links
    assert any("channel=mail&emotion=angry" in href for href in links)
    assert get(vera, links[0]).words.count("The box was torn.") >= 20
    assert "Of 40 people it is known what they felt when they wrote." in page.words
    assert "angry, November 2026: 60% (45% to 74%) of 40" in {
        e.attrib.get("aria-label") for e in page.tree.iter()
    }


def test_of_fewer_than_thirty_no_emotion_is_said(alice: Colleague, spoken: Survey) -> None:
    page = get(alice, LIVE)
    assert "1 is too few for a percentage" in page.words
    assert "emotion=" not in "".join(hrefs(page))
    rows = alice.get(f"{LIVE}.csv").data.decode()
    assert "Emotions,Period,,1,," in rows
    assert "angry" not in rows.replace("Felt before,angry", "")


def hrefs(page: Page) -> list[str]:
    return [element.attrib["href"] for element in page.tree.iter() if "href" in element.attrib]


def test_there_is_a_table_beside_each_chart(alice: Colleague, spoken: Survey) -> None:
    page = get(alice, LIVE)
    drawn = [e for e in page.tree.iter() if e.attrib.get("class") == "chart"]
    charts = [e for e in drawn if "-narrow" not in e.attrib["aria-labelledby"]]
    assert len(drawn) == len(charts) + 2, "two are there for a phone as well"
    tables = list(page.tree.iter("table"))
    assert len(charts) >= 4
    assert len(tables) >= len(charts) - 1, "the strip prints its numbers in words"


def test_the_file_is_the_same_and_holds_no_formula(alice: Colleague, spoken: Survey) -> None:
    answer = alice.get(f"{LIVE}.csv?survey=bestelling&first=2026-11-01&last=2026-11-30")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert ["Scores", "5", "8", "40", "", ""] in rows
    assert ["Themes", "'=cmd|' /c calc'!A1", "1", "1", "", ""] in rows


def test_the_spreadsheet_holds_the_same_rows_with_numbers_as_numbers(
    alice: Colleague, spoken: Survey
) -> None:
    asked = "survey=bestelling&first=2026-11-01&last=2026-11-30"
    answer = alice.get(f"{LIVE}.xlsx?{asked}")
    assert "filename=bestelling-2026-11-01-2026-11-30.xlsx" in answer.headers["Content-Disposition"]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    rows = list(csv.reader(io.StringIO(alice.get(f"{LIVE}.csv?{asked}").data.decode("utf-8-sig"))))
    names = [[f"{cell:g}" if isinstance(cell, float) else cell for cell in row[:2]] for row in sheet]
    assert names == [[cell.removeprefix("'") for cell in row[:2]] for row in rows]
    assert ["Themes", "=cmd|' /c calc'!A1", 1, 1] in [row[:4] for row in sheet]
    assert ["CSAT", "Period", 0.4, 40] in [row[:4] for row in sheet]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("first=2026-11-30&last=2026-11-01", "The period ends before it begins."),
        ("first=yesterday", "“yesterday” is not a date."),
        ("first=1999-01-01", "A report is about days from 2000 to 2100."),
        ("first=2005-01-01&last=2026-01-01", "A report covers at most ten years."),
        ("survey=nothing", "There is no survey at this address."),
    ],
)
def test_what_cannot_be_is_a_sentence(alice: Colleague, spoken: Survey, query: str, sentence: str) -> None:
    page = get(alice, f"{LIVE}?{query}")
    assert page.status == 422
    assert sentence in page.words
    assert alice.get(f"{LIVE}.csv?{query}").status_code in {409, 422}
    assert alice.get(f"{LIVE}.xlsx?{query}").status_code in {409, 422}


def test_an_empty_period_and_one_answer_are_pages(alice: Colleague, survey: Survey, now: datetime) -> None:
    assert "Nothing happened in these days." in get(alice, f"{LIVE}?first=2020-01-01&last=2020-01-31").words
    with writing():
        answered(survey, now, score=3)
    page = get(alice, LIVE)
    assert page.status == 200
    assert "1 is too few for a percentage" in page.words


def test_a_period_across_the_autumn_change_holds_each_answer_once(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    hour = datetime.fromisoformat("2026-10-25T00:30+00:00")
    with writing():
        for n in range(2):
            answered(
                survey, now, email=f"{n}@example.com", score=5, submitted_at=hour + n * timedelta(hours=1)
            )
    for days, words in (
        ("first=2026-10-25&last=2026-10-25", "2 of 2"),
        ("first=2026-10-24&last=2026-10-24", "Nothing happened"),
    ):
        assert words in get(alice, f"{LIVE}?{days}").words


def test_another_organisation_sees_nothing_of_it(charlie: Colleague, spoken: Survey) -> None:
    page = get(charlie, f"{LIVE}?survey=bestelling")
    assert page.status == 422
    assert "Uw bestelling" not in page.words


def test_without_a_survey_it_says_what_to_do_first(alice: Colleague, people: Cast) -> None:
    page = get(alice, LIVE)
    assert page.status == 200
    assert "Open a survey first; a report needs answers." in page.words


def test_the_list_of_reports_leads_here(alice: Colleague, spoken: Survey) -> None:
    assert LIVE in hrefs(get(alice, "/reports"))


@pytest.mark.parametrize("name", ["survey", "first", "last"])
@each("typed", ["<script>alert(1)</script>", "' OR 1=1--", "{{7*7}}", "\x00", "9" * 5_000])
def test_anything_in_the_address_is_a_sentence_and_never_markup(
    alice: Colleague, spoken: Survey, name: str, typed: str
) -> None:
    page = Page(alice.get(LIVE, query_string={"survey": "bestelling"} | {name: typed}))
    assert page.status == 422
    assert foreign(page.tree) == []
