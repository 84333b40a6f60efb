"""One bar split into parts, each with its word and its number: how the dates we named came out."""

from dataclasses import dataclass

from flask_babel import gettext as _

from reports.charts import WIDTH
from reports.deeds import Deed
from reports.wording import number

GAP, LINE, HEIGHT = 2.0, 20.0, 66.0
BROAD = 110.0
"""What a number and its word take."""


@dataclass(frozen=True, slots=True)
class Part:
    """From `x`, `width` wide, drawn in the look of `key`; its word stands at `at`, `below` the first line of words."""

    key: str
    label: str
    value: str
    x: float
    width: float
    at: float
    below: float


@dataclass(frozen=True, slots=True)
class Strip:
    key: str
    title: str
    description: str
    width: float
    height: float
    parts: tuple[Part, ...]


def deed_strip(deed: Deed, width: float = WIDTH) -> Strip:
    """Early, kept, late but warned, broken and open, side by side in proportion."""
    counted = (
        ("early", _("Early"), deed.early),
        ("kept", _("On the day"), deed.kept),
        ("warned", _("Late, warned"), deed.warned),
        ("broken", _("Broken"), deed.broken),
        ("open", _("Still ahead"), deed.open),
    )
    described = ", ".join(f"{label} {number(n)}" for _key, label, n in counted)
    parts, key = _parts(counted, width), "deed" if width == WIDTH else "deed-narrow"
    title = _("What came of the dates we named")
    return Strip(key, title, described, width, HEIGHT + max(part.below for part in parts), parts)


def _parts(counted: tuple[tuple[str, str, int], ...], width: float) -> tuple[Part, ...]:
    """As many words on a line as fit; where they all fit, they share it."""
    whole, columns = max(sum(n for *_words, n in counted), 1), min(len(counted), int(width // BROAD))
    x, parts = 0.0, []
    for place, (key, label, n) in enumerate(counted):
        part, (line, column) = width * n / whole, divmod(place, columns)
        parts.append(
            Part(key, label, number(n), x, max(part - GAP, 0), column * width / columns, line * LINE)
        )
        x += part
    return tuple(parts)
