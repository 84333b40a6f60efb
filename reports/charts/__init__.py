"""Charts as geometry: where each mark stands, in pixels, with its own title, description and table.

One file per chart; templates/reports/charts/ draws them as SVG, the same for a page and for the PDF.
"""

from dataclasses import dataclass

WIDTH = 660.0
NARROW = 350.0
"""What a phone shows without scrolling sideways and without letters too small to read."""

Table = tuple[tuple[str, ...], ...]
"""Rows of cells, the first row being the heads."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What every chart has besides its marks; `width` and `height` in pixels."""

    key: str
    title: str
    description: str
    width: float
    height: float
    table: Table


def nowhere(_mark: str) -> str:
    """Links for a chart on paper: none."""
    return ""
