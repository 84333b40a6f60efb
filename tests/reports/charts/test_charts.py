"""Charts: the same data, the same drawing; nothing in it that a page's policy would stop; every mark in its place."""

from collections.abc import Iterable
from datetime import date
from xml.etree import ElementTree

import pytest
from flask import Flask, get_template_attribute
from flask_babel import force_locale
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from reports.charts import NARROW, WIDTH
from reports.charts.csat_by_month import PLOT, TOP, csat_by_month
from reports.charts.feelings import LONGEST as LONGEST_SIDE
from reports.charts.feelings import felt_before_and_after
from reports.charts.groups import ON_A_PHONE, told_by_group
from reports.charts.moods import TALLEST, felt_by_channel, felt_by_month
from reports.charts.score_distribution import LONGEST, score_distribution
from reports.charts.strip import deed_strip
from reports.deeds import Deed
from reports.figures import Month
from reports.moods.feelings import Feelings
from reports.moods.moods import Mood, shown
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


def test_on_a_phone_all_words_of_the_strip_are_in_view_and_none_lies_over_another() -> None:
    deed, said = samples.figures().deed, "What came of the dates we named"
    wide, narrow = deed_strip(deed), deed_strip(deed, NARROW)
    assert {part.below for part in wide.parts} == {0}
    assert [(part.at < NARROW - 80, part.below) for part in narrow.parts] == [
        (True, n) for n in (0, 0, 0, 20, 20)
    ]
    assert len({(part.at, part.below) for part in narrow.parts}) == len(narrow.parts)
    assert (narrow.title, narrow.height, wide.height) == (said, 86, 66)
    assert [part.value for part in narrow.parts] == [part.value for part in wide.parts]


def test_on_a_phone_twelve_months_fit_with_the_same_numbers() -> None:
    wide, narrow = (csat_by_month(samples.months(), width=width) for width in (WIDTH, NARROW))
    assert [f"{mark.value}%" for mark in narrow.marks] == [mark.value for mark in wide.marks]
    assert (narrow.table, narrow.description) == (wide.table, wide.description)
    assert narrow.key != wide.key, "both stand on one page"
    assert all(0 < mark.x < NARROW for mark in narrow.marks)


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


def some(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple((emotion, n) for emotion, n in counts if n)


@pytest.mark.usefixtures("english")
def test_on_a_phone_a_group_has_its_name_above_its_mark_and_all_of_it_is_in_view() -> None:
    groups = [group for group in samples.measured()["groups"] if group.by == "language"]
    wide, narrow = told_by_group(groups), told_by_group(groups, shape=ON_A_PHONE)
    assert narrow.width < 345 < wide.width
    for chart in (wide, narrow):
        for dot in chart.dots:
            assert dot.x
            assert chart.shape.left <= dot.low <= dot.x <= dot.high <= chart.shape.right
    assert all(dot.y > dot.above + 10 for dot in narrow.dots)
    assert narrow.table == wide.table


@pytest.mark.usefixtures("english")
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=8))
def test_feelings_stay_within_their_chart_and_too_few_are_not_drawn(counts: list[tuple[int, int]]) -> None:
    felt = list(zip(EMOTIONS, counts, strict=False))
    then, now = some((e, n) for e, (n, _m) in felt), some((e, m) for e, (_n, m) in felt)
    chart = felt_before_and_after(Feelings(then=then, now=now))
    for row in chart.rows:
        for side in (row.before, row.after):
            assert 0 <= side.low <= side.length + 0.001 <= side.high + 0.002 <= LONGEST_SIDE + 0.003
    enough = all(sum(n for _e, n in side) >= 30 for side in (then, now))
    assert len(chart.rows) == (sum(1 for n, m in counts if n or m) if enough else 0)
    assert len(chart.table) == len(chart.rows) + 1


@pytest.mark.usefixtures("english")
def test_a_report_from_before_pairs_were_counted_draws_what_it_has() -> None:
    old = Feelings((("angry", 40),), (("grateful", 30),), 20, 5, 5)
    (angry, grateful) = felt_before_and_after(old).rows
    assert (angry.before.value, grateful.after.value) == ("100%", "100%")


@pytest.mark.usefixtures("english")
def test_an_emotion_has_a_row_a_month_a_column_and_a_bar_says_all_of_itself() -> None:
    chart = felt_by_month(samples.moods().months, "/comments?{}".format)
    frustrated, happy = chart.rows
    assert (frustrated.name, len(frustrated.bars), len(happy.bars)) == ("frustrated", 10, 10)
    first = frustrated.bars[0]
    assert (first.value, first.href) == ("33%", "/comments?month 2025-12 frustrated")
    assert first.said == "frustrated, December 2025: 33% (23% to 46%) of 60"
    assert [c.name.under for c in chart.columns] == ["2025", "2026", *[""] * 10]
    assert chart.table[1][:3] == ("December 2025", "60", "33% (23%\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}46%)")


@pytest.mark.usefixtures("english")
def test_a_month_with_too_few_says_so_and_how_many_and_nothing_else() -> None:
    chart = felt_by_month(samples.moods().months)
    assert [(c.note, c.n) for c in chart.columns[2:5]] == [("", "62"), ("too few", "12"), ("too few", "12")]
    assert chart.table[4] == ("March 2026", "12", "too few", "too few")
    assert felt_by_channel([Mood("mail", 3)]).rows == ()
    assert "too few" in felt_by_channel([Mood("mail", 3)]).description


@pytest.mark.usefixtures("english")
@given(
    st.lists(st.dictionaries(st.sampled_from(list(EMOTIONS)), st.integers(1, 10**6), min_size=1), max_size=12)
)
def test_every_bar_lies_in_its_row_and_its_interval_around_it(months: list[dict[str, int]]) -> None:
    chart = felt_by_month(shown({f"2026-{n + 1:02}": felt for n, felt in enumerate(months)}))
    for row in chart.rows:
        for bar in row.bars:
            assert (
                row.foot - TALLEST - 0.01 <= bar.top <= bar.y + 0.01 <= bar.bottom + 0.02 <= row.foot + 0.03
            )
            assert 0 < bar.x < chart.width


@pytest.mark.parametrize("name", ["months", "channels"])
def test_the_drawing_of_emotions_is_well_formed_and_speaks(name: str, english: None) -> None:
    found = samples.moods()
    chart = felt_by_month(found.months, "/{}".format) if name == "months" else felt_by_channel(found.channels)
    svg = get_template_attribute("reports/charts/moods.html", "mood_chart")(chart, ACCENT)
    root = ElementTree.fromstring(svg)
    assert {str(e.get("id")) for e in root} >= set(str(root.get("aria-labelledby")).split())
    assert svg.count("<a ") == svg.count('aria-label="') == (20 if name == "months" else 0)
    assert "style" not in svg
