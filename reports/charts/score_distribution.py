"""How the scores are spread: a bar for each, highest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from reports.charts import Chart, nowhere
from reports.wording import number, percent

WIDTH, THICK, STEP, LONGEST = 310.0, 20.0, 28.0, 200.0


@dataclass(frozen=True, slots=True)
class Bar:
    y: float
    width: float
    label: str
    value: str
    strong: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class BarChart(Chart):
    bars: tuple[Bar, ...]


def score_distribution(counts: Sequence[int], link: Callable[[str], str] = nowhere) -> BarChart:
    """How the scores are spread, highest first; `counts` are the numbers of scores 1, 2, 3, 4 and 5."""
    most, n = max(*counts, 1), sum(counts)
    falling = list(enumerate(counts, 1))[::-1]
    bars = tuple(_bar(score, count, n, most, place, link) for place, (score, count) in enumerate(falling))
    heads = (_("Score"), _("Answers"), _("Share"))
    rows = tuple((str(score), number(count), percent(count / n) if n else "–") for score, count in falling)
    title = _("How the scores are spread, from 5 (highest) to 1")
    described = _("%(n)s scores.", n=number(n))
    return BarChart(
        "scores", title, described, WIDTH, STEP * len(counts) - (STEP - THICK), (heads, *rows), bars
    )


def _bar(score: int, count: int, n: int, most: int, place: int, link: Callable[[str], str]) -> Bar:
    value = _("%(n)s (%(share)s)", n=number(count), share=percent(count / n)) if n else number(0)
    return Bar(place * STEP, LONGEST * count / most, str(score), value, score >= 4, link(str(score)))
