"""The measures as rows: each figure beside its n and its interval, for a spreadsheet and for a program."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.spreadsheets.csv_files import csv_file
from reports import queries
from reports.csv_files import figures_rows
from reports.csv_measures import measures_rows
from reports.deeds import Ledger
from reports.figures import Figures, frozen, thawed
from reports.jobs import render_due
from reports.making import gather
from reports.models import Report
from reports.period import Period, period
from surveys.answering import Submission, submit
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import alice, bob, monday, survey
from tests.loop import QUESTIONS, answered
from tests.reports import samples

__all__ = ["alice", "bob", "monday", "survey"]
NAMES = ("subject", "figure", "value", "n", "low", "high")


def rows(figures: Figures) -> dict[tuple[str, str], tuple[Any, ...]]:
    """(subject, figure) → value, n, low, high"""
    return {(row[0], str(row[1])): row[2:] for row in measures_rows(figures)}


@pytest.fixture
def measured(english: None) -> dict[tuple[str, str], tuple[Any, ...]]:
    return rows(samples.figures())


def test_rates_stand_with_their_interval(measured: dict[tuple[str, str], tuple[Any, ...]]) -> None:
    value, n, low, high = measured["Answering", "Response rate"]
    assert (value, n) == (0.4, 250)
    assert low < value < high
    assert measured["Answering", "Completion rate"][:2] == (0.95, 120)
    assert measured["Answering", "Invitations that did not arrive"][:2] == (6, 256)


def test_a_scale_stands_as_one_figure_and_as_its_counts(
    measured: dict[tuple[str, str], tuple[Any, ...]],
) -> None:
    nps = "NPS: promoters (9–10) less detractors (0–6), from −100 to 100"
    assert measured[nps, "Would you recommend us?"][:2] == (30, 100)
    assert measured["Would you recommend us?", "10"][:2] == (50, 100)
    assert measured["Expected, and got?", "What you expected"][:2] == (4, 50)
    assert measured["Expected, and got?", "What you got"][0] == pytest.approx(2.8)


def test_times_are_hours_and_who_waits_is_said(measured: dict[tuple[str, str], tuple[Any, ...]]) -> None:
    assert measured["First word, hours", "Half had it within"][:2] == (20, 160)
    assert measured["First word, hours", "Nine in ten had it within"][0] == 70
    assert measured["What came of it, hours", "Nine in ten had it within"][0] == "", "they have it not yet"
    assert measured["What came of it, hours", "Still waiting"][:2] == (10, 40)
    assert measured["First word, hours", "By the date promised first"][:2] == (0.8, 150)


def test_endings_and_feelings_are_counted(measured: dict[tuple[str, str], tuple[Any, ...]]) -> None:
    ended = {figure: row[0] for (subject, figure), row in measured.items() if subject == "What followed"}
    assert ended == {
        "Agreed": 90,
        "Not solved": 9,
        "Not clear": 6,
        "Closed by silence": 80,
        "Came back": 12,
        "Heard a correction": 3,
        "Still waiting": 6,
        "Days they wait together": 14,
    }
    assert measured["Felt before", "angry"][:2] == (90, 120)
    assert measured["Felt after", "grateful"][:2] == (40, 49)
    assert measured["Felt after, by who said both", "grateful"][:2] == (0.7, 40)
    assert [measured["Feelings", name][0] for name in ("Better", "The same", "Worse")] == [30, 6, 4]


def test_emotions_have_a_row_for_each_month_and_channel_and_too_few_have_no_value(
    measured: dict[tuple[str, str], tuple[Any, ...]],
) -> None:
    assert measured["Emotions", "Period: frustrated"][:2] == (60 / 162, 162)
    assert measured["Emotions by month", "2025-12: frustrated"][:2] == (20 / 60, 60)
    assert measured["Emotions by month", "2026-03"] == ("", 12, "", "")
    assert measured["Emotions by channel", "phone"] == ("", 12, "", "")
    assert measured["Emotions by channel", "mail: happy"][1] == 130


def test_groups_have_their_own_rows_and_a_flag_where_they_are_unlike(
    measured: dict[tuple[str, str], tuple[Any, ...]],
) -> None:
    assert measured["By language", "English: People"][0] == 54
    assert measured["By language", "English: Told"][:2] == (0.4, 50)
    assert measured["By language", "English: Unlike the others, beyond chance"][0] == 1
    assert ("By language", "Dutch: Unlike the others, beyond chance") not in measured
    assert measured["By who handled it then", "Others, put together: People"][0] == 10


@pytest.mark.usefixtures("english")
def test_a_report_from_before_these_measures_has_none_of_them() -> None:
    bare = samples.empty()
    assert rows(bare) == {}
    kept = frozen(bare)
    for name in ("rates", "scales", "speed", "aftermath", "feelings", "groups", "moods"):
        del kept[name]
    assert thawed(kept) == bare
    assert thawed(frozen(samples.figures())) == samples.figures()


@pytest.mark.usefixtures("english")
def test_every_row_has_six_cells_also_for_nobody() -> None:
    nobody = replace(samples.figures(), ledger=Ledger(0, 0, 0, (), (), 0))
    for figures in (samples.empty(), samples.figures(), nobody):
        assert {len(row) for row in figures_rows(figures)} == {6}
        assert csv_file(figures_rows(figures)).startswith(b"\xef\xbb\xbf")


def november(survey: Survey, now: datetime) -> Period:
    return period(survey, date(2026, 11, 1), date(2026, 11, 30), now)


def test_a_program_gets_the_same_rows_as_numbers(
    alice: Colleague, bob: Colleague, survey: Survey, now: datetime
) -> None:
    with writing():
        for n in range(40):
            answered(survey, now, email=f"p{n}@example.com", score=1 + n % 5)
        kept = frozen(gather(november(survey, now), "nl"))
        db.session.add(
            Report(
                organisation_id=survey.organisation_id, survey_id=survey.id, language="nl", first_day=date(2026, 11, 1),
                last_day=date(2026, 11, 30), requested_by="Alice", requested_at=now, rendered_at=now, sha256="0" * 64,
                state="ready", pdf=b"%PDF-1.7", figures=kept,
            )
        )  # fmt: skip
    (report,) = db.session.scalars(select(Report))
    from reports.api import _as_json

    found = _as_json(report)["rows"]
    assert {tuple(row) for row in found} == {NAMES}
    csat = next(row for row in found if (row["subject"], row["figure"]) == ("CSAT", "Periode"))
    assert (csat["value"], csat["n"]) == (0.4, 40)
    assert all(row["low"] is None or row["low"] <= row["value"] <= row["high"] for row in found)


def test_one_that_is_not_ready_or_cannot_be_read_has_no_rows(survey: Survey, now: datetime) -> None:
    from reports.api import _as_json, _rows

    days = {"first_day": date(2026, 11, 1), "last_day": date(2026, 11, 30)}
    waits = Report(id=1, state="queued", language="en", figures=None, **days)
    assert _as_json(waits)["rows"] is None
    assert _rows(Report(id=2, state="ready", language="en", figures={"of another": "time"}, **days)) is None


def test_only_who_agreed_is_quoted_where_a_survey_asks(people: Cast, now: datetime) -> None:
    """A consent under the key “quote”; everybody's score and theme counts all the same."""
    asked = (*QUESTIONS[:2], Draft("quote", "consent", {"en": "You may quote my words."}))
    with writing():
        survey = create_survey(people.webshop.id, "quoted", {"en": "Us"}, "en", people.alice.id, asked, now)
        open_survey(survey, now)
        for n, agreed in enumerate((True, False)):
            said: dict[str, tuple[float | None, str | None]] = {
                "csat": (2, None),
                "comment": (None, f"Words {n}."),
            }
            submit(
                survey,
                Submission(said | ({"quote": (None, "yes")} if agreed else {}), "en", f"nonce {n}"),
                now,
            )
    over = november(survey, now)
    assert [v.words for v in queries.all_verbatims(over)] == ["Words 0."]
    figures = gather(over, "en")
    assert [v.words for v in figures.verbatims.shown] == ["Words 0."]
    assert figures.verbatims.left_out == 0
    assert sum(figures.satisfaction.scores) == 2


def test_where_nothing_is_asked_everybody_is_quoted(survey: Survey, now: datetime) -> None:
    with writing():
        answered(survey, now, "Said.")
    assert [v.words for v in queries.all_verbatims(november(survey, now))] == ["Said."]


def test_a_tick_archives_the_measures_with_the_report(
    survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reports import making
    from reports.asking import ask

    monkeypatch.setattr(making, "draw", lambda *_args: b"%PDF-1.7 drawn elsewhere")
    with writing():
        answered(survey, now)
        ask(survey, date(2026, 11, 1), date(2026, 11, 30), "en", "Alice", now)
    assert render_due(now) == 1
    (report,) = db.session.scalars(select(Report))
    figures = thawed(report.figures or {})
    assert figures.speed
    assert (figures.speed.first_word.n, figures.speed.first_word.waiting) == (1, 1)
    assert figures == thawed(frozen(gather(november(survey, now), "en")))
