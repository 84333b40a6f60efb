"""The measures as sentences and charts: the same for the PDF and for the page."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from reports import sentences
from reports.charts import nowhere
from reports.charts.feelings import felt_before_and_after
from reports.charts.groups import told_by_group
from reports.figures import Figures

MOST_GROUPS, MOST_SCALES = 12, 12


def measured(figures: Figures, link: Callable[[str], str] = nowhere) -> dict[str, Any]:
    """Nothing of it for a report that is older than these measures; `link` leads from a group ("language nl") to its comments."""
    if not figures.speed or not figures.aftermath or not figures.feelings or not figures.rates:
        return {"said": None, "by_group": [], "feelings": None}
    by_group = [list(some)[:MOST_GROUPS] for _by, some in groupby(figures.groups, lambda group: group.by)]
    asked = [scale for scale in figures.scales if scale.kind != "csat"][:MOST_SCALES]
    return {
        "said": {
            "speed": sentences.speed(figures.speed), "waiting": sentences.waiting(figures.aftermath),
            "feelings": sentences.feelings(figures.feelings), "fairness": sentences.fairness(figures.groups),
            "rates": sentences.rates(figures.rates), "scales": [(scale, sentences.scale(scale)) for scale in asked],
        },
        "by_group": [told_by_group(some, link) for some in by_group if len(some) > 1],
        "feelings": felt_before_and_after(figures.feelings),
    }  # fmt: skip
