"""CSAT by month: a dot for the share, a bar for its interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from reports.charts import WIDTH, Chart, Table, nowhere
from reports.figures import Month
from reports.statistics import Share
from reports.wording import interval, number, percent

LEFT, TOP, PLOT, FEET = 42.0, 22.0, 176.0, 52.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line across the plot, with its label."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A share at `y` with its interval from `top` to `bottom`; hollow where n is too small. No y: nothing was asked."""

    x: float
    month: str
    year: str
    n: str
    href: str = ""
    value: str = ""
    y: float | None = None
    top: float = 0
    bottom: float = 0
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class IntervalChart(Chart):
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]


def csat_by_month(
    months: Sequence[Month], link: Callable[[str], str] = nowhere, width: float = WIDTH
) -> IntervalChart:
    """CSAT per month with its 95 % Wilson interval; `link` gives the address of what is behind a month ("2026-11").

    Where it is narrower, numbers stand close together, and only those at the lines have their sign.
    """
    step, narrow = (width - LEFT) / max(len(months), 1), width < WIDTH
    marks = tuple(_mark(month, i, LEFT + step * (i + 0.5), link, narrow) for i, month in enumerate(months))
    lines = tuple(
        Line(_height(percentage / 100), percent(percentage / 100)) for percentage in (0, 25, 50, 75, 100)
    )
    title = _("CSAT by month: the share of scores 4 and 5")
    return IntervalChart(
        "csat-narrow" if narrow else "csat",
        title,
        _described(months),
        width,
        TOP + PLOT + FEET,
        _months(months),
        lines,
        marks,
    )


def _mark(month: Month, place: int, x: float, link: Callable[[str], str], narrow: bool) -> Mark:
    first, csat = month.first, month.csat
    year = str(first.year) if place == 0 or first.month == 1 else ""
    name = format_date(first, "MMM").rstrip(".")
    if csat is None:
        return Mark(x, name, year, number(0))
    y, top, bottom = (_height(value) for value in (csat.value, csat.high, csat.low))
    href = link(f"{first:%Y-%m}")
    value = percent(csat.value).rstrip("%\N{NO-BREAK SPACE} ") if narrow else percent(csat.value)
    return Mark(x, name, year, number(csat.n), href, value, y, top, bottom, not csat.enough)


def _height(fraction: float) -> float:
    return TOP + PLOT * (1 - fraction)


def _described(months: Sequence[Month]) -> str:
    asked = [(month.first, month.csat) for month in months if month.csat]
    if not asked:
        return _("No scores were given in these months.")
    lowest, highest = min(asked, key=_value), max(asked, key=_value)
    return _(
        "Lowest %(low)s in %(low_month)s, highest %(high)s in %(high_month)s.",
        low=percent(lowest[1].value),
        low_month=_month(lowest[0]),
        high=percent(highest[1].value),
        high_month=_month(highest[0]),
    )


def _value(asked: tuple[date, Share]) -> float:
    return asked[1].value


def _months(months: Sequence[Month]) -> Table:
    heads = (_("Month"), _("CSAT"), _("Interval"), _("Scores (n)"))
    return (heads, *(_row(month) for month in months))


def _row(month: Month) -> tuple[str, ...]:
    csat = month.csat
    shown = (percent(csat.value), interval(csat), number(csat.n)) if csat else ("–", "–", number(0))
    return (_month(month.first), *shown)


def _month(first: date) -> str:
    return format_date(first, "MMMM y")
