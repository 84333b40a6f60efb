"""Charts as geometry: where each mark stands, in pixels, with its own title, description and table.

One file per chart; templates/reports/charts/ draws them as SVG, the same for a page and for the PDF.
"""

WIDTH = 660.0

Table = tuple[tuple[str, ...], ...]
"""Rows of cells, the first row being the heads."""


def nowhere(_mark: str) -> str:
    """Links for a chart on paper: none."""
    return ""
