"""Which action a comment will probably get: its words beside those of comments that colleagues answered already.

Naive Bayes over pieces of words, smoothed towards what is said about anything. Why no more than this: decision 28.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log, log1p

from triage.marks import KINDS

SURE = 0.7
"""From here on it is chosen beforehand."""
WEIGHT = 100.0
"""So many pieces of what is said about anything stand beside those of each action."""
CALM = 7
"""Pieces of one word are no independent witnesses: what they say together is divided by this."""
TELLING = tuple(f"#{KINDS[kind]}" for kind in ("survey", "score"))
"""Marks that say something about the action; the customer, the day and the channel do not."""
TIMES = CALM
"""A mark is a witness of its own."""
BEGINNING, PART = 5, 4


@dataclass(frozen=True, slots=True)
class Guess:
    action_id: int
    sureness: float
    """Of all actions, how much of the likelihood is this one's."""

    @property
    def sure(self) -> bool:
        return self.sureness >= SURE


class Likely:
    """Learned from examples: (action, pieces of a comment that has it, or of its own words)."""

    def __init__(self, examples: Iterable[tuple[int, Sequence[str]]]) -> None:
        self._pieces: dict[int, Counter[str]] = {}
        self._times: Counter[int] = Counter()
        for action_id, said in examples:
            self._pieces.setdefault(action_id, Counter()).update(said)
            self._times[action_id] += 1

    def guess(self, said: Sequence[str]) -> Guess | None:
        """None where there is no action to choose from."""
        usual = [(piece, WEIGHT * self._usual(piece)) for piece in said]
        scores = {id: self._score(id, usual) / CALM for id in self._pieces}
        if not scores:
            return None
        best = max(scores, key=lambda id: scores[id])
        return Guess(best, 1 / sum(exp(score - scores[best]) for score in scores.values()))

    def _score(self, action_id: int, usual: Sequence[tuple[str, float]]) -> float:
        """How much better these pieces fit this action than any."""
        own, n = self._pieces[action_id], self._sizes[action_id]
        fits = sum(log1p(own[piece] / share) for piece, share in usual if piece in own)
        return fits - len(usual) * log1p(n / WEIGHT) + log(self._times[action_id])

    def _usual(self, piece: str) -> float:
        """Its share in what is said about anything; no piece has none."""
        return (self._all[piece] + 0.5) / self._many

    @cached_property
    def _sizes(self) -> dict[int, int]:
        return {id: pieces.total() for id, pieces in self._pieces.items()}

    @cached_property
    def _many(self) -> float:
        return self._all.total() + 0.5 * len(self._all) + 1

    @cached_property
    def _all(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for counted in self._pieces.values():
            found.update(counted)
        return found


def pieces(tokens: Iterable[str]) -> list[str]:
    """Of the line by which a comment is found: beginnings and parts of its words, so that a plural and a compound meet."""
    found: list[str] = []
    for token in tokens:
        if not token.startswith("#"):
            found += _parts(token)
        elif token.startswith(TELLING):
            found += [token] * TIMES
    return found


def _parts(word: str) -> list[str]:
    """ "verzenddoos" begins like "verzenden", and holds "doos"."""
    within = range(len(word) - PART + 1) if len(word) >= PART + 2 else ()
    return list(dict.fromkeys([word[:BEGINNING], *(word[n : n + PART] for n in within)]))
