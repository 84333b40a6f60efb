"""Charts: the same data, the same drawing; nothing in it that a page's policy would stop; every mark in its place."""

from datetime import date
from xml.etree import ElementTree

import pytest
from flask import Flask, get_template_attribute
from flask_babel import force_locale
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from reports.charts.csat_by_month import PLOT, TOP, csat_by_month
from reports.charts.feelings import felt_before_and_after
from reports.charts.groups import told_by_group
from reports.charts.score_distribution import LONGEST, score_distribution
from reports.charts.strip import deed_strip
from reports.deeds import Deed
from reports.figures import Month
from reports.measures import Feelings
from surveys.emotions import EMOTIONS
from tests.reports import samples

pytestmark = pytest.mark.usefixtures("english")
ACCENT = "#9a3b26"
DRAWN = tried(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
counts = st.tuples(*[st.integers(0, 400)] * 5)


def drawn() -> dict[str, str]:
    full = samples.figures()
    by_month, scores = (
        csat_by_month(full.satisfaction.months, "/m/{}".format),
        score_distribution(full.satisfaction.scores),
    )
    return {
        "csat": get_template_attribute("reports/charts/intervals.html", "interval_chart")(by_month, ACCENT),
        "scores": get_template_attribute("reports/charts/bars.html", "bar_chart")(scores, ACCENT),
        "deed": get_template_attribute("reports/charts/strip.html", "strip_chart")(
            deed_strip(full.deed), ACCENT
        ),
    }


def test_the_same_data_gives_the_same_drawing() -> None:
    assert drawn() == drawn()


@pytest.mark.parametrize("key", ["csat", "scores", "deed"])
def test_a_chart_is_well_formed_has_its_own_words_and_needs_no_script_or_style(key: str) -> None:
    svg = drawn()[key]
    root = ElementTree.fromstring(svg)
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text
    assert title.get("id") in str(root.get("aria-labelledby")).split()
    assert root.get("font-family") == "Source Sans 3"
    assert not [word for word in ("<script", "<style", "style=", "javascript:") if word in svg]


def test_every_month_with_scores_leads_to_what_is_behind_it() -> None:
    chart = csat_by_month(samples.months(), "/comments?month={}".format)
    assert [mark.href for mark in chart.marks][:2] == ["/comments?month=2025-12", "/comments?month=2026-01"]
    assert drawn()["csat"].count('<a href="/m/2') == 12


def test_fewer_than_thirty_scores_stand_hollow_and_no_scores_stand_empty() -> None:
    months = [Month(date(2026, n, 1), (0, 0, 0, 0, k)) for n, k in ((1, 30), (2, 29), (3, 0))]
    marks = csat_by_month(months).marks
    assert [mark.hollow for mark in marks] == [False, True, False]
    assert marks[2].y is None
    assert csat_by_month(months).table[3] == ("March 2026", "–", "–", "0")


def test_the_table_says_what_the_chart_shows() -> None:
    table = csat_by_month([Month(date(2026, 11, 1), (1, 2, 3, 40, 54))]).table
    assert table == (
        ("Month", "CSAT", "Interval", "Scores (n)"),
        ("November 2026", "94%", "88% to 97%", "100"),
    )
    assert score_distribution((1, 2, 3, 40, 54)).table[1] == ("5", "54", "54%")


@DRAWN
@given(st.lists(counts, min_size=1, max_size=24))
def test_every_mark_lies_within_the_plot_and_its_interval_around_it(scores: list[tuple[int, ...]]) -> None:
    chart = csat_by_month([Month(date(2026, 1, 1), given_scores) for given_scores in scores])
    for mark in chart.marks:
        assert 0 < mark.x < chart.width
        if mark.y is not None:
            assert TOP - 0.01 <= mark.top <= mark.y <= mark.bottom <= TOP + PLOT + 0.01


@DRAWN
@given(counts)
def test_bars_and_parts_are_in_proportion(given_scores: tuple[int, ...]) -> None:
    bars = score_distribution(given_scores).bars
    assert all(0 <= bar.width <= LONGEST for bar in bars)
    early, kept, warned, broken, ahead = given_scores
    strip = deed_strip(Deed(early, kept, warned, broken, ahead))
    assert [part.value for part in strip.parts] == [f"{n}" for n in given_scores]
    assert all(0 <= part.x <= part.x + part.width <= strip.width + 0.01 for part in strip.parts)


def test_numbers_and_months_are_the_readers(wordy_app: Flask) -> None:
    with force_locale("nl"):
        chart = csat_by_month([Month(date(2026, 3, 1), (0, 0, 0, 0, 1234))])
    assert (chart.marks[0].month, chart.marks[0].n) == ("mrt", "1.234")


@pytest.mark.usefixtures("english")
def test_a_group_has_a_line_with_its_share_and_a_flag_where_it_is_unlike() -> None:
    groups = [group for group in samples.measured()["groups"] if group.by == "language"]
    chart = told_by_group(groups, lambda key: f"/comments?{key}")
    dutch, english = chart.dots
    assert (dutch.name, dutch.value, dutch.unlike, dutch.href) == (
        "Dutch",
        "97% of 155",
        False,
        "/comments?language nl",
    )
    assert (english.value, english.unlike, english.hollow) == ("40% of 50", True, False)
    assert dutch.x
    assert dutch.low < dutch.x < dutch.high
    assert chart.table[2] == ("English", "54", "37%", "40%", "28% to 54%", "5 days")


@pytest.mark.usefixtures("english")
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=8))
def test_feelings_stay_within_their_chart(counts: list[tuple[int, int]]) -> None:
    felt = list(zip(EMOTIONS, counts, strict=False))
    found = Feelings(tuple((e, n) for e, (n, _m) in felt if n), tuple((e, m) for e, (_n, m) in felt if m))
    chart = felt_before_and_after(found)
    for row in chart.rows:
        assert 0 <= row.before <= 210.001
        assert 0 <= row.after <= 210.001
    assert len(chart.rows) == sum(1 for n, m in counts if n or m)
    assert len(chart.table) == len(chart.rows) + 1
