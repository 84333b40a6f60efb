"""The tick for files of answers that came in elsewhere. What reads them knows of forms, so it is loaded with the first file."""

from datetime import datetime

from core.db import writing
from surveys.imports.files import empty, over, unfinished


def do_imports(now: datetime) -> int:
    """Returns how many rows were looked at and put in."""
    gone, ids = over(now), unfinished()
    if gone:
        with writing():
            empty(gone)
    return _work(list(ids), now) if ids else 0


def _work(ids: list[int], now: datetime) -> int:
    from followup.imports.rows_jobs import work

    return sum(work(id, now) for id in ids)
