"""Emotions in the period, over time and by channel: pure functions of counts.

Nobody's feeling can be read from a small group. Fewer than `ENOUGH` people: their number is said and nothing of what they
felt; and where those that are held back would be fewer than `LEAST` together, the smallest other group is held back too,
so that nothing is found by subtraction.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reports.cases import BETTER
from reports.estimates import change
from reports.groups import LEAST
from reports.statistics import ENOUGH, Difference, Share, share

UNPLEASANT = tuple(emotion for emotion, place in BETTER.items() if not place)
Felt = Mapping[str, int]
"""emotion → people"""


@dataclass(frozen=True, slots=True)
class Mood:
    """What `n` people felt when they wrote; of who said nothing, and whom nobody judged, nothing is known.

    `key`: a month ("2026-11") or a channel. `felt` is empty where it is withheld.
    """

    key: str
    n: int
    felt: tuple[tuple[str, int], ...] = ()

    @property
    def withheld(self) -> bool:
        return self.n > 0 and not self.felt

    def of(self, emotion: str) -> Share | None:
        return share(dict(self.felt).get(emotion, 0), self.n) if self.felt else None

    @property
    def unpleasant(self) -> Share | None:
        return (
            share(sum(n for emotion, n in self.felt if emotion in UNPLEASANT), self.n) if self.felt else None
        )


@dataclass(frozen=True, slots=True)
class Moods:
    """In the period and in the one before; in the twelve months up to its end; and in the period by channel."""

    period: Mood
    before: Mood
    months: tuple[Mood, ...] = ()
    channels: tuple[Mood, ...] = ()

    @property
    def change(self) -> Difference | None:
        """Of the share who felt something unpleasant; None where either period has too few."""
        return change(self.period.unpleasant, self.before.unpleasant)

    @property
    def known(self) -> bool:
        return bool(self.period.n or any(month.n for month in self.months))


def moods(channels: Mapping[str, Felt], before: Felt, months: Mapping[str, Felt]) -> Moods:
    """What was felt in the period by channel, in the period before, and in each month (oldest first)."""
    whole = sum((Counter(felt) for felt in channels.values()), Counter[str]())
    ordered = sorted(channels, key=lambda channel: (-sum(channels[channel].values()), channel))
    by_channel = shown({channel: channels[channel] for channel in ordered})
    return Moods(one("period", whole), one("before", before), shown(months), by_channel)


def one(key: str, felt: Felt) -> Mood:
    """A group that is nobody else's part."""
    return shown({key: felt})[0]


def shown(parts: Mapping[str, Felt]) -> tuple[Mood, ...]:
    """Each group with what may be said of it, in the order in which they come."""
    sizes = {key: sum(felt.values()) for key, felt in parts.items()}
    hidden = held_back(sizes)
    return tuple(
        Mood(key, sizes[key], () if key in hidden else _ordered(felt)) for key, felt in parts.items()
    )


def held_back(sizes: Mapping[str, int], least: int = ENOUGH) -> set[str]:
    """Which of these groups are too small; with the smallest other one, where what is held back could be worked out."""
    hidden = {key for key, n in sizes.items() if 0 < n < least}
    rest = {key: n for key, n in sizes.items() if n >= least}
    if hidden and rest and sum(sizes[key] for key in hidden) < LEAST:
        hidden.add(min(rest, key=lambda key: (rest[key], key)))
    return hidden


def _ordered(felt: Felt) -> tuple[tuple[str, int], ...]:
    return tuple((emotion, felt[emotion]) for emotion in BETTER if felt.get(emotion))
