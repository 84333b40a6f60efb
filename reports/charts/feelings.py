"""Feelings before and after, back to back: what people felt when they wrote, and once they had heard."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from reports.charts import WIDTH, Chart, Table
from reports.measures import Feelings
from reports.wording import number, percent
from surveys.emotions import EMOTIONS

STEP, TOP, LONGEST = 26.0, 24.0, 210.0


@dataclass(frozen=True, slots=True)
class Row:
    y: float
    name: str
    before: float
    after: float
    before_value: str
    after_value: str


@dataclass(frozen=True, slots=True)
class FeelingsChart(Chart):
    heads: tuple[str, str]
    rows: tuple[Row, ...]


def felt_before_and_after(found: Feelings) -> FeelingsChart:
    """Shares of those who said so then, and now; the largest of all is the longest bar."""
    felt = [_Felt(emotion, *counts) for emotion, counts in _counted(found)]
    n, m = (max(sum(getattr(one, side) for one in felt), 1) for side in ("before", "after"))
    most = max((share for one in felt for share in (one.before / n, one.after / m)), default=1.0)
    rows = tuple(_row(one, TOP + STEP * place, n * most, m * most) for place, one in enumerate(felt))
    described = ", ".join(f"{row.name} {row.before_value} → {row.after_value}" for row in rows)
    title, height = _("Feelings, before and after"), TOP + STEP * len(felt)
    return FeelingsChart("feelings", title, described, WIDTH, height, _table(felt, n, m), _heads(found), rows)


@dataclass(frozen=True, slots=True)
class _Felt:
    emotion: str
    before: int
    after: int


def _counted(found: Feelings) -> Iterator[tuple[str, tuple[int, int]]]:
    before, after = dict(found.before), dict(found.after)
    for emotion in EMOTIONS:
        if emotion in before or emotion in after:
            yield emotion, (before.get(emotion, 0), after.get(emotion, 0))


def _row(one: _Felt, y: float, n: float, m: float) -> Row:
    bars = LONGEST * one.before / n, LONGEST * one.after / m
    return Row(y, str(EMOTIONS[one.emotion]), *bars, number(one.before), number(one.after))


def _heads(found: Feelings) -> tuple[str, str]:
    n, m = (number(sum(count for _emotion, count in felt)) for felt in (found.before, found.after))
    return _("When they wrote (n = %(n)s)", n=n), _("After they heard (n = %(n)s)", n=m)


def _table(felt: list[_Felt], n: int, m: int) -> Table:
    heads = (_("Feeling"), _("Before"), _("Share"), _("After"), _("Share"))
    return (heads, *(
        (str(EMOTIONS[f.emotion]), number(f.before), percent(f.before / n), number(f.after), percent(f.after / m)) for f in felt
    ))  # fmt: skip
