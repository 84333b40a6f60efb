"""Whether two comments say the same: how many of the words that tell them apart from others they share.

A plain measure, so that it can be explained to whoever reads it: words that everybody uses are left out; of what is
left, words meet that are the same, begin the same or hold each other (a plural, a tense, a Dutch compound). Longer
words are rarer and weigh more, numbers most of all. What they share is set against the shorter of both: a note of a
phone call says in eight words what a mail says in eighty.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

from core.text import word_keys

SAME, LEAST = 60, 4
"""From so many of 100 parts on, and so many words, the same is offered to a person: three words are often what both are about."""
SHORTEST, BEGINNING = 3, 4
MOST = 120
"""Words of a text that are looked at: each is held against each."""
NUMBER = 6.0
"""As much as a word of so many letters."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`words` of the first that the second shares, as they are compared; of 100 parts `share` of the shorter one."""

    share: int
    words: tuple[str, ...]

    @property
    def same(self) -> bool:
        return self.share >= SAME and len(self.words) >= LEAST


@cache
def common() -> frozenset[str]:
    """Words that say nothing about what somebody complains of, in Dutch and English."""
    lines = (Path(__file__).parent / "common_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(2_000)
def telling(text: str) -> tuple[str, ...]:
    """The words of it that tell it apart, as they are compared; each once."""
    found = (w for w in word_keys(text) if (len(w) >= SHORTEST or w.isdigit()) and w not in common())
    return tuple(islice(found, MOST))


def likeness(one: str, other: str) -> Likeness:
    """The same whichever comes first, but for whose words stand in it."""
    mine, theirs = telling(one), telling(other)
    least = min(_weight(mine), _weight(theirs))
    if not least:
        return Likeness(0, ())
    pairs = [(w, x) for w in mine for x in theirs if _meet(w, x)]
    shared, answered = (
        list(dict.fromkeys(side)) for side in ([w for w, _x in pairs], [x for _w, x in pairs])
    )
    common_weight = min(_weight(shared), _weight(answered))
    return Likeness(min(100, round(100 * common_weight / least)), tuple(shared))


def _weight(words: list[str] | tuple[str, ...]) -> float:
    return sum(NUMBER if w.isdigit() else min(len(w), 10) for w in words)


def _meet(one: str, other: str) -> bool:
    """The same word, or one that grew from it: "lekt" and "lekken", "ketel" and "cvketel"; never two numbers."""
    if one == other:
        return True
    if one.isdigit() or other.isdigit():
        return False
    short, long = sorted((one, other), key=len)
    return (len(short) > BEGINNING and short in long) or _begin_alike(short, long)


def _begin_alike(short: str, long: str) -> bool:
    """But for an ending of three letters at most, of words that are long enough to be told apart by their beginning."""
    same = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return same >= BEGINNING and len(long) - same <= 3
