"""A line for each group: a dot for the share that was told, a bar for its interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from reports.charts import WIDTH, Chart, Table, nowhere
from reports.groups import Group
from reports.wording import duration, group_name, grouped_by, interval, number, percent

LEFT, RIGHT, STEP, TOP, FEET = 210.0, 150.0, 30.0, 8.0, 26.0
PLOT = WIDTH - LEFT - RIGHT
LINES = (0, 25, 50, 75, 100)
NAME = 34
"""Characters that fit before the plot."""


@dataclass(frozen=True, slots=True)
class Line:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """`name` stands at the left, `value` at the right; hollow where n is too small. No x: nothing to be told."""

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
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]


def told_by_group(groups: Sequence[Group], link: Callable[[str], str] = nowhere) -> DotChart:
    """Groups of one kind; `link` gives the address of what is behind one ("language nl")."""
    by = groups[0].by
    dots = tuple(_dot(group, TOP + STEP * (place + 0.5), link) for place, group in enumerate(groups))
    lines = tuple(Line(_across(share / 100), percent(share / 100)) for share in LINES)
    title = _("%(by)s: the share that was told", by=grouped_by(by))
    return DotChart(
        f"told-{by}", title, _described(groups), WIDTH, TOP + STEP * len(groups) + FEET, _rows(groups), lines, dots
    )  # fmt: skip


def _across(share: float) -> float:
    return LEFT + PLOT * share


def _dot(group: Group, y: float, link: Callable[[str], str]) -> Dot:
    told, name = group.told_share, _short(group_name(group.by, group.key))
    if not told:
        return Dot(y, name, _("n = %(n)s", n=number(0)))
    value = _("%(share)s of %(n)s", share=percent(told.value), n=number(told.n))
    href = link(f"{group.by} {group.key}")
    ends = (_across(told.low), _across(told.high))
    return Dot(y, name, value, href, _across(told.value), *ends, hollow=not told.enough, unlike=group.unlike)


def _short(name: str) -> str:
    return name if len(name) <= NAME else name[: NAME - 1].rstrip() + "…"


def _described(groups: Sequence[Group]) -> str:
    return ", ".join(
        f"{group_name(group.by, group.key)} {percent(group.told_share.value)}" for group in groups if group.told_share
    )  # fmt: skip


def _rows(groups: Sequence[Group]) -> Table:
    heads = ("", _("People"), _("CSAT"), _("Told"), _("Interval"), _("Half heard within"))
    return (heads, *(_row(group) for group in groups))


def _row(group: Group) -> tuple[str, ...]:
    csat, told = group.csat, group.told_share
    satisfied = percent(csat.value) if csat and csat.enough else _("too few")
    told_as = (percent(told.value), interval(told)) if told else ("–", "–")
    soon = duration(group.until.median) if group.until.median is not None else _("not yet")
    return group_name(group.by, group.key), number(group.n), satisfied, *told_as, soon
