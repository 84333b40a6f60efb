"""Feelings before and after, back to back: what the same people felt when they wrote, and once they had heard."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from reports.cases import BETTER
from reports.charts import WIDTH, Chart, Table, nowhere
from reports.moods.feelings import Feelings
from reports.statistics import Share, share
from reports.wording import interval, number, percent
from surveys.emotions import EMOTIONS

STEP, TOP, LONGEST = 26.0, 24.0, 190.0


@dataclass(frozen=True, slots=True)
class Side:
    """A bar of `length`; its interval lies from `low` to `high`, all measured from the middle."""

    length: float
    low: float
    high: float
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """`href` leads to the comments of those who felt so when they wrote."""

    y: float
    name: str
    before: Side
    after: Side
    href: str = ""


@dataclass(frozen=True, slots=True)
class FeelingsChart(Chart):
    """No rows: nobody said both, or too few."""

    heads: tuple[str, str]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Felt:
    emotion: str
    before: Share
    after: Share


def felt_before_and_after(found: Feelings, link: Callable[[str], str] = nowhere) -> FeelingsChart:
    """Of who said both, each side as shares; `link` gives the address of the comments behind an emotion."""
    felt = list(_shares(found))
    most = max((side.high for one in felt for side in (one.before, one.after)), default=1.0)
    rows = tuple(_row(one, TOP + STEP * place, LONGEST / most, link) for place, one in enumerate(felt))
    described = ", ".join(f"{row.name} {row.before.value} → {row.after.value}" for row in rows)
    title, height = _("Feelings, before and after"), TOP + STEP * len(felt)
    return FeelingsChart("feelings", title, described, WIDTH, height, _table(felt), _heads(felt), rows)


def _shares(found: Feelings) -> Iterator[_Felt]:
    before, after = (
        (dict(found.then), dict(found.now)) if found.then else (dict(found.before), dict(found.after))
    )
    n, m = sum(before.values()), sum(after.values())
    for emotion in BETTER:
        if emotion in before or emotion in after:
            then, now = share(before.get(emotion, 0), n), share(after.get(emotion, 0), m)
            if then and now and then.enough and now.enough:
                yield _Felt(emotion, then, now)


def _row(one: _Felt, y: float, scale: float, link: Callable[[str], str]) -> Row:
    before, after = (_side(of, scale) for of in (one.before, one.after))
    return Row(y, str(EMOTIONS[one.emotion]), before, after, link(one.emotion) if one.before.hits else "")


def _side(of: Share, scale: float) -> Side:
    return Side(of.value * scale, of.low * scale, of.high * scale, percent(of.value))


def _heads(felt: list[_Felt]) -> tuple[str, str]:
    n, m = (number(felt[0].before.n), number(felt[0].after.n)) if felt else (number(0), number(0))
    return _("When they wrote (n = %(n)s)", n=n), _("After they heard (n = %(n)s)", n=m)


def _table(felt: list[_Felt]) -> Table:
    heads = (_("Feeling"), _("Before"), _("Share"), _("After"), _("Share"))
    return (heads, *(
        (str(EMOTIONS[f.emotion]), *_cells(f.before), *_cells(f.after)) for f in felt
    ))  # fmt: skip


def _cells(of: Share) -> tuple[str, str]:
    return number(of.hits), f"{percent(of.value)} ({interval(of)})"
