"""Rows of a form in another order: a row is known by its number, so what stands in them moves, and not the rows."""

from collections.abc import Sequence
from typing import Any


def reorder(rows: Sequence[Any], here: int, there: int) -> None:
    """What stood in row `here` stands in `there`; what was between moves up; what depends on a row goes on depending on it."""
    order = list(range(len(rows)))
    order.insert(there, order.pop(here))
    held = [({field.short_name: field.data for field in row.form}, row.form.before) for row in rows]
    names = {rows[old].name: rows[new].name for new, old in enumerate(order)}
    for new, old in enumerate(order):
        data, rows[new].form.before = held[old]
        for name, value in data.items():
            rows[new].form[name].data = value
        rows[new].form.after.data = names.get(data["after"], data["after"])
