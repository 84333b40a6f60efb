"""What people felt when they wrote, and once they had heard: pure functions of cases."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from reports.cases import BETTER, Case
from reports.estimates import tossed
from reports.statistics import Share, share


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


def feelings(cases: Iterable[Case]) -> Feelings:
    """Better: from an unpleasant one to a neutral or a pleasant one, or from neutral to pleasant."""
    cases = [case for case in cases if case.sound]
    both = [case for case in cases if case.felt in BETTER and case.feels in BETTER]
    moved = Counter(_sign(BETTER[c.feels] - BETTER[c.felt]) for c in both)
    return Feelings(
        _felt(c.felt for c in cases), _felt(c.feels for c in cases), moved[1], moved[0], moved[-1],
        _felt(c.felt for c in both), _felt(c.feels for c in both),
    )  # fmt: skip


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _felt(emotions: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counted = Counter(emotion for emotion in emotions if emotion)
    return tuple((emotion, counted[emotion]) for emotion in BETTER if counted[emotion])
