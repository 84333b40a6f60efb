"""One bar split into parts, each with its word and its number: how the dates we named came out."""

from dataclasses import dataclass

from flask_babel import gettext as _

from reports.charts import WIDTH
from reports.deeds import Deed
from reports.wording import number

GAP = 2.0


@dataclass(frozen=True, slots=True)
class Part:
    """From `x`, `width` wide, drawn in the look of `key`; `at` is where its word stands."""

    key: str
    label: str
    value: str
    x: float
    width: float
    at: float


@dataclass(frozen=True, slots=True)
class Strip:
    key: str
    title: str
    description: str
    width: float
    parts: tuple[Part, ...]


def deed_strip(deed: Deed) -> Strip:
    """Early, kept, late but warned, broken and open, side by side in proportion."""
    counted = (
        ("early", _("Early"), deed.early),
        ("kept", _("On the day"), deed.kept),
        ("warned", _("Late, warned"), deed.warned),
        ("broken", _("Broken"), deed.broken),
        ("open", _("Still ahead"), deed.open),
    )
    described = ", ".join(f"{label} {number(n)}" for _key, label, n in counted)
    return Strip("deed", _("What came of the dates we named"), described, WIDTH, _parts(counted))


def _parts(counted: tuple[tuple[str, str, int], ...]) -> tuple[Part, ...]:
    whole = max(sum(n for *_words, n in counted), 1)
    column, x, parts = WIDTH / len(counted), 0.0, []
    for place, (key, label, n) in enumerate(counted):
        width = WIDTH * n / whole
        parts.append(Part(key, label, number(n), x, max(width - GAP, 0), place * column))
        x += width
    return tuple(parts)
