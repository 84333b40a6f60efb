"""A line for each group: a dot for the share that was told, a bar for its interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from reports.charts import WIDTH, Chart, Table, nowhere
from reports.groups import Group
from reports.wording import duration, group_name, grouped_by, interval, number, percent

TOP, FEET = 8.0, 26.0
LINES = (0, 25, 50, 75, 100)
NAME = 34
"""Characters that fit before the plot."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The plot lies between `left` and `right` of `width`, a mark `drop` below its name; its number stands at `values`."""

    width: float
    left: float
    right: float
    step: float
    drop: float
    values: float
    anchor: str

    def across(self, share: float) -> float:
        return self.left + (self.right - self.left) * share


ON_PAPER = Shape(WIDTH, 210.0, WIDTH - 150.0, 30.0, 0.0, WIDTH - 138.0, "start")
ON_A_PHONE = Shape(340.0, 18.0, 322.0, 46.0, 20.0, 340.0, "end")
"""Name and number above the mark instead of beside it: all of it is in view on the narrowest screen."""


@dataclass(frozen=True, slots=True)
class Line:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """`name` stands at the left, `value` at the right, both at `above`; hollow where n is too small. No x: nothing to be told."""

    above: float
    y: float
    name: str
    value: str
    href: str = ""
    x: float | None = None
    low: float = 0
    high: float = 0
    hollow: bool = False
    unlike: bool = False


@dataclass(frozen=True, slots=True)
class DotChart(Chart):
    shape: Shape
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]


def told_by_group(
    groups: Sequence[Group], link: Callable[[str], str] = nowhere, shape: Shape = ON_PAPER
) -> DotChart:
    """Groups of one kind; `link` gives the address of what is behind one ("language nl")."""
    by = groups[0].by
    dots = tuple(
        _dot(group, TOP + shape.step * place + 15, link, shape) for place, group in enumerate(groups)
    )
    lines = tuple(Line(shape.across(share / 100), percent(share / 100)) for share in LINES)
    title = _("%(by)s: the share that was told", by=grouped_by(by))
    return DotChart(
        f"told-{by}", title, _described(groups), shape.width, TOP + shape.step * len(groups) + FEET, _rows(groups),
        shape, lines, dots,
    )  # fmt: skip


def _dot(group: Group, above: float, link: Callable[[str], str], shape: Shape) -> Dot:
    told, name, y = group.told_share, _short(group_name(group.by, group.key)), above + shape.drop
    if not told:
        return Dot(above, y, name, _("n = %(n)s", n=number(0)))
    value = _("%(share)s of %(n)s", share=percent(told.value), n=number(told.n))
    href = link(f"{group.by} {group.key}")
    x, low, high = (shape.across(share) for share in (told.value, told.low, told.high))
    return Dot(above, y, name, value, href, x, low, high, hollow=not told.enough, unlike=group.unlike)


def _short(name: str) -> str:
    return name if len(name) <= NAME else name[: NAME - 1].rstrip() + "…"


def _described(groups: Sequence[Group]) -> str:
    return ", ".join(
        f"{group_name(group.by, group.key)} {percent(group.told_share.value)}" for group in groups if group.told_share
    )  # fmt: skip


def _rows(groups: Sequence[Group]) -> Table:
    """Who was thanked is a column where anybody of them could be."""
    thanks = any(group.thankable for group in groups)
    heads = ("", _("People"), _("CSAT"), _("Told"), _("Interval"), _("Half heard within"))
    return (
        (*heads, _("Thanked")) if thanks else heads,
        *((*_row(group), _thanked(group)) if thanks else _row(group) for group in groups),
    )


def _thanked(group: Group) -> str:
    found = group.thanked_share
    return _("%(share)s of %(n)s", share=percent(found.value), n=number(found.n)) if found else "–"


def _row(group: Group) -> tuple[str, ...]:
    csat, told = group.csat, group.told_share
    satisfied = percent(csat.value) if csat and csat.enough else _("too few")
    told_as = (percent(told.value), interval(told)) if told else ("–", "–")
    soon = duration(group.until.median) if group.until.median is not None else _("not yet")
    return group_name(group.by, group.key), number(group.n), satisfied, *told_as, soon
