"""What people felt when they wrote, and once they had heard: pure functions of what was tallied."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reports.cases import BETTER
from reports.estimates import tossed
from reports.statistics import Share, share
from reports.tallies import Tally


@dataclass(frozen=True, slots=True)
class Feelings:
    """emotion → people, as it was when they wrote and after they heard; of the `both` who said both: better, same, worse.

    `then` and `now`: the same two, of those alone who said both. Only they can be compared: who answers once more is not
    like who does not. Reports from before these were counted have neither.
    """

    before: tuple[tuple[str, int], ...] = ()
    after: tuple[tuple[str, int], ...] = ()
    better: int = 0
    same: int = 0
    worse: int = 0
    then: tuple[tuple[str, int], ...] = ()
    now: tuple[tuple[str, int], ...] = ()

    @property
    def both(self) -> int:
        return self.better + self.same + self.worse

    @property
    def bettered(self) -> Share | None:
        return share(self.better, self.both)

    @property
    def chance(self) -> float:
        """How often as many more would change one way than the other if it were a toss of a coin (the sign test)."""
        return tossed(self.better, self.worse)


def feelings(counted: Tally) -> Feelings:
    """Better: from an unpleasant one to a neutral or a pleasant one, or from neutral to pleasant."""
    pairs, moved = counted.feelings, Counter[int]()
    both = {pair: n for pair, n in pairs.items() if all(emotion in BETTER for emotion in pair)}
    for (felt, feels), n in both.items():
        moved[_sign(BETTER[feels] - BETTER[felt])] += n
    return Feelings(
        _felt(pairs, 0), _felt(pairs, 1), moved[1], moved[0], moved[-1], _felt(both, 0), _felt(both, 1)
    )


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _felt(pairs: Mapping[tuple[str, str], int], side: int) -> tuple[tuple[str, int], ...]:
    counted = Counter[str]()
    for pair, n in pairs.items():
        counted[pair[side]] += n
    return tuple((emotion, counted[emotion]) for emotion in BETTER if counted[emotion])
