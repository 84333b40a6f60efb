"""Which action a comment will probably get: what it says beside what comments said that colleagues answered already.

Naive Bayes over three kinds of witnesses, each smoothed towards what is said about anything. Why no more than this:
decision 28.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log, log1p

from triage.concepts import concepts
from triage.inbox.marks import KINDS

SURE = 0.8
"""From here on nobody need look at it again before it is read."""
LIKELY = 0.15
"""From here on it is chosen beforehand, for somebody to look at."""
FEW = 5
"""Of more actions than these, the likeliest is likely."""
PARTLY = 3
"""One in so many of its words was heard before."""
FACTS = tuple(f"#{KINDS[kind]}" for kind in ("survey", "score"))
"""Marks that say something about the action; the customer, the day and the channel do not."""
LANGUAGE = f"#{KINDS['language']}"
BEGINNING, PART = 5, 4
WEIGHTS = {"pieces": 1000.0, "facts": 1.0, "concepts": 60.0}
"""So much of what is said about anything stands beside what is said of each action."""
CALM = {"pieces": 8.0, "facts": 1.0, "concepts": 1.6}
"""Pieces of one word are no independent witnesses, nor are a topic and the words in its list: what they say together is divided by this."""


@dataclass(frozen=True, slots=True)
class Said:
    pieces: Sequence[str] = ()
    facts: Sequence[str] = ()
    concepts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    """Actions, the most probable first."""

    likely: tuple[int, ...]
    sureness: float
    """Of all actions, how much of the likelihood is the first one's."""

    @property
    def action_id(self) -> int:
        return self.likely[0]

    @property
    def sure(self) -> bool:
        return self.sureness >= SURE


class Likely:
    """Learned from examples: (action, what a comment says that has it, or what the action itself says)."""

    def __init__(self, examples: Iterable[tuple[int, Said]]) -> None:
        known = list(examples)
        self._times = Counter(id for id, _said in known)
        self._kinds = {
            kind: Witnesses(((id, getattr(said, kind)) for id, said in known), weight)
            for kind, weight in WEIGHTS.items()
        }

    def guess(self, said: Said) -> Guess | None:
        """None where there is no action to choose from."""
        if not self._times:
            return None
        scores = {id: log(times) for id, times in self._times.items()}
        for kind, witnesses in self._kinds.items():
            for id, fits in witnesses.fits(getattr(said, kind), self._times).items():
                scores[id] += fits / CALM[kind]
        likely = sorted(scores, key=lambda id: -scores[id])
        share = 1 / sum(exp(score - scores[likely[0]]) for score in scores.values())
        return Guess(tuple(likely), share if len(likely) > FEW or self._met(likely[0], said) else 0.0)

    def _met(self, action_id: int, said: Said) -> bool:
        """A good part of it was heard about this action. The likeliest of a few is little: perhaps none of them fits."""
        return any(self._kinds[kind].met(action_id, getattr(said, kind)) for kind in ("pieces", "concepts"))


class Witnesses:
    """Of one kind, and how often each was heard about each action."""

    def __init__(self, examples: Iterable[tuple[int, Sequence[str]]], weight: float) -> None:
        self._weight = weight
        self._heard: dict[int, Counter[str]] = {}
        for action_id, said in examples:
            self._heard.setdefault(action_id, Counter()).update(said)

    def fits(self, said: Sequence[str], actions: Iterable[int]) -> dict[int, float]:
        """How much better this fits each action than any."""
        usual = [(one, self._weight * (self._all[one] + 0.5) / self._many) for one in said]
        return {id: self._fits(id, usual) for id in actions}

    def met(self, action_id: int, said: Sequence[str]) -> bool:
        return bool(said) and sum(one in self._heard[action_id] for one in said) * PARTLY >= len(said)

    def _fits(self, action_id: int, usual: Sequence[tuple[str, float]]) -> float:
        own, n = self._heard[action_id], self._sizes[action_id]
        more = sum(log1p(own[one] / share) for one, share in usual if one in own)
        return more - len(usual) * log1p(n / self._weight)

    @cached_property
    def _sizes(self) -> dict[int, int]:
        return {id: heard.total() for id, heard in self._heard.items()}

    @cached_property
    def _many(self) -> float:
        return self._all.total() + 0.5 * len(self._all) + 1

    @cached_property
    def _all(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for heard in self._heard.values():
            found.update(heard)
        return found


def said_by(line: str) -> Said:
    """What the line says by which a comment is found."""
    tokens = line.split()
    words = [token for token in tokens if not token.startswith("#")]
    spoken = next((t.removeprefix(LANGUAGE)[:2] for t in tokens if t.startswith(LANGUAGE)), "")
    facts = [token for token in tokens if token.startswith(FACTS)]
    return Said(pieces(words), facts, concepts(" ".join(words), spoken))


def pieces(words: Iterable[str]) -> list[str]:
    """Beginnings and parts of words, so that a plural and a compound meet."""
    return [piece for word in words for piece in _parts(word)]


def _parts(word: str) -> list[str]:
    """ "verzenddoos" begins like "verzenden", and holds "doos"."""
    within = range(len(word) - PART + 1) if len(word) >= PART + 2 else ()
    return list(dict.fromkeys([word[:BEGINNING], *(word[n : n + PART] for n in within)]))
