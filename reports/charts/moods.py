"""A row for each emotion, a column for each month or channel: a bar for the share, a line for its interval.

One look for all bars, since each row has its name: nothing is told apart by colour.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask_babel import format_date
from flask_babel import gettext as _

from reports.cases import BETTER
from reports.charts import WIDTH, Chart, Table, nowhere
from reports.moods.moods import Mood
from reports.statistics import Share
from reports.wording import interval, number, percent
from surveys.emotions import EMOTIONS
from triage.wording import CHANNELS

LEFT, STEP, TALLEST, FEET, BROADEST = 104.0, 44.0, 26.0, 52.0, 140.0
NO_BREAK = "\N{NO-BREAK SPACE}"


class Named(NamedTuple):
    """How a column is called: below it, below that, and in a sentence."""

    short: str
    under: str
    whole: str


@dataclass(frozen=True, slots=True)
class Column:
    """One month or channel at `x`; `note` says why nothing stands above it."""

    x: float
    name: Named
    n: str
    note: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from `y` down to the foot of its row, its interval from `top` to `bottom`; `said` is all of it in words."""

    x: float
    width: float
    y: float
    foot: float
    top: float
    bottom: float
    value: str
    said: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    foot: float
    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class MoodChart(Chart):
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


Link = Callable[[str], str]
"""What a bar stands for ("month 2026-11 angry", "channel mail angry") → the address of the comments behind it."""


def felt_by_month(months: Sequence[Mood], link: Link = nowhere) -> MoodChart:
    return _chart("month", _("What people felt, by month"), months, _month, link)


def felt_by_channel(channels: Sequence[Mood], link: Link = nowhere) -> MoodChart:
    return _chart("channel", _("What people felt, by how they hear back"), channels, _channel, link)


def _month(key: str) -> Named:
    first = date.fromisoformat(f"{key}-01")
    return Named(format_date(first, "MMM").rstrip("."), str(first.year), format_date(first, "MMMM y"))


def _channel(key: str) -> Named:
    name = str(CHANNELS.get(key, key))
    return Named(name, "", name)


@dataclass(frozen=True, slots=True)
class _Plot:
    """What all bars of a chart share: so one is as tall as another that means as much."""

    emotions: tuple[str, ...]
    most: float
    step: float

    @classmethod
    def of(cls, moods: Sequence[Mood]) -> "_Plot":
        felt = {emotion for mood in moods for emotion, _n in mood.felt}
        highest = max((share.high for mood in moods for e in felt if (share := mood.of(e))), default=1.0)
        step = min((WIDTH - LEFT) / max(len(moods), 1), BROADEST)
        return cls(tuple(emotion for emotion in BETTER if emotion in felt), highest, step)

    def across(self, place: int) -> float:
        return LEFT + self.step * (place + 0.5)

    def foot(self, place: int) -> float:
        return STEP * (place + 1)


def _chart(
    by: str, title: str, moods: Sequence[Mood], named: Callable[[str], Named], link: Link
) -> MoodChart:
    plot, names = _Plot.of(moods), [named(mood.key) for mood in moods]
    columns = tuple(
        Column(plot.across(place), _dated(name, place, moods), number(mood.n), _("too few") if mood.withheld else "")
        for place, (mood, name) in enumerate(zip(moods, names, strict=True))
    )  # fmt: skip
    rows = tuple(
        Row(
            plot.foot(place),
            str(EMOTIONS[emotion]),
            _bars(plot, place, emotion, moods, names, lambda mark: link(f"{by} {mark}")),
        )
        for place, emotion in enumerate(plot.emotions)
    )
    table = _table(plot, moods, names)
    return MoodChart(f"felt-{by}", title, _described(moods), WIDTH, STEP * max(len(rows), 1) + FEET, table, columns, rows)  # fmt: skip


def _dated(name: Named, place: int, moods: Sequence[Mood]) -> Named:
    """The year stands below the first month, and below each January."""
    again = place and name.under and not moods[place].key.endswith("-01")
    return name._replace(under="") if again else name


def _bars(
    plot: _Plot, place: int, emotion: str, moods: Sequence[Mood], names: Sequence[Named], link: Link
) -> tuple[Bar, ...]:
    found = [(n, mood.key, share) for n, mood in enumerate(moods) if (share := mood.of(emotion))]
    return tuple(_bar(plot, place, n, share, names[n], emotion, link(f"{key} {emotion}")) for n, key, share in found)  # fmt: skip


def _bar(plot: _Plot, place: int, n: int, share: Share, name: Named, emotion: str, href: str) -> Bar:
    foot, width = plot.foot(place), min(plot.step * 0.4, 24.0)
    y, top, bottom = (foot - TALLEST * value / plot.most for value in (share.value, share.high, share.low))
    said = _(
        "%(emotion)s, %(when)s: %(share)s (%(interval)s) of %(n)s", emotion=EMOTIONS[emotion], when=name.whole,
        share=percent(share.value), interval=interval(share), n=number(share.n),
    )  # fmt: skip
    return Bar(plot.across(n), width, y, foot, top, bottom, percent(share.value), said, href if share.hits else "")  # fmt: skip


def _described(moods: Sequence[Mood]) -> str:
    """The strongest of each that has enough people, in words."""
    said = [(mood, max(mood.felt, key=lambda felt: felt[1])) for mood in moods if mood.felt]
    if not said:
        return _("There are too few people anywhere here for a percentage.")
    mood, (emotion, n) = max(said, key=lambda one: one[1][1] / one[0].n)
    return _("Most of all %(emotion)s: %(share)s of %(n)s.", emotion=EMOTIONS[emotion], share=percent(n / mood.n), n=number(mood.n))  # fmt: skip


def _table(plot: _Plot, moods: Sequence[Mood], names: Sequence[Named]) -> Table:
    heads = ("", "n", *(str(EMOTIONS[emotion]) for emotion in plot.emotions))
    return (heads, *(
        (name.whole, number(mood.n), *(_cell(mood, emotion) for emotion in plot.emotions))
        for mood, name in zip(moods, names, strict=True)
    ))  # fmt: skip


def _cell(mood: Mood, emotion: str) -> str:
    if mood.withheld:
        return _("too few")
    if not (share := mood.of(emotion)):
        return "–"
    around = f"({interval(share)})".replace(" ", NO_BREAK)
    return f"{percent(share.value)} {around}"
