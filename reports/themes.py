"""Whether a theme is spoken of more than before: pure arithmetic, corrected for how many themes there are."""

from collections.abc import Mapping

from reports.estimates import holm, two_sided
from reports.statistics import ENOUGH

CHANCE = 0.05


def trends(counts: Mapping[int, tuple[int, int]], comments: int, comments_before: int) -> dict[int, int]:
    """theme → 1, −1 or 0, from (comments now, comments before) about it; nothing where there were too few comments.

    The two-proportion z-test on its share of all comments, with Holm's correction over all themes.
    """
    if min(comments, comments_before) < ENOUGH:
        return {}
    found = {theme: _growth(now, then, comments, comments_before) for theme, (now, then) in counts.items()}
    real = holm({str(theme): two_sided(z) for theme, z in found.items()})
    return {theme: _sign(z) if real[str(theme)] < CHANCE else 0 for theme, z in found.items()}


def _growth(now: int, then: int, n: int, m: int) -> float:
    """In standard errors; none where everybody, or nobody, spoke of it."""
    now, then = min(now, n), min(then, m)
    share = (now + then) / (n + m)
    error = (share * (1 - share) * (1 / n + 1 / m)) ** 0.5
    return (now / n - then / m) / error if error else 0.0


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
