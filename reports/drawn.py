"""The measures as sentences and charts: the same for the PDF and for the page."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from reports import sentences
from reports.charts import nowhere
from reports.charts.feelings import felt_before_and_after
from reports.charts.groups import ON_PAPER, Shape, told_by_group
from reports.charts.moods import felt_by_channel, felt_by_month
from reports.figures import Figures
from reports.moods import sentences_feelings
from reports.moods.moods import Moods

MOST_GROUPS, MOST_SCALES = 12, 12


def measured(
    figures: Figures, link: Callable[[str], str] = nowhere, shape: Shape = ON_PAPER
) -> dict[str, Any]:
    """Nothing of it for a report that is older than these measures; `link` leads to the comments behind a
    group ("language nl"), an emotion ("emotion angry"), or both ("month 2026-11 angry", "channel mail angry")."""
    if not figures.speed or not figures.aftermath or not figures.feelings or not figures.rates:
        return {"said": None, "by_group": [], "feelings": None, "by_mood": None}
    by_group = [list(some)[:MOST_GROUPS] for _by, some in groupby(figures.groups, lambda group: group.by)]
    asked = [scale for scale in figures.scales if scale.kind != "csat"][:MOST_SCALES]
    return {
        "said": {
            "speed": sentences.speed(figures.speed), "waiting": sentences.waiting(figures.aftermath),
            "feelings": sentences_feelings.feelings(figures.feelings), "fairness": sentences.fairness(figures.groups),
            "rates": sentences.rates(figures.rates), "scales": [(scale, sentences.scale(scale)) for scale in asked],
            "moods": sentences_feelings.moods(figures.moods) if figures.moods else (),
        },
        "by_group": [told_by_group(some, link, shape) for some in by_group if len(some) > 1],
        "feelings": felt_before_and_after(figures.feelings, lambda emotion: link(f"emotion {emotion}")),
        "by_mood": _by_mood(figures.moods, link) if figures.moods else None,
    }  # fmt: skip


def _by_mood(found: Moods, link: Callable[[str], str]) -> dict[str, Any]:
    return {
        "months": felt_by_month(found.months, link),
        "channels": felt_by_channel(found.channels, link),
    }
