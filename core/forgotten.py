"""What was past its time and forgotten, in a file beside the database: a copy that is restored from before forgets it again.

A line a category and day: up to which moment. It is only ever added to, and written before the first row goes.
"""

import json
from datetime import datetime

from core.settings import settings
from core.tombstones import add_line

NAME = "forgotten.jsonl"


def note(organisation_id: int, category: str, until: datetime) -> None:
    """On disk before the database commits: it may say one too many, never one too few."""
    add_line(
        NAME,
        json.dumps({"organisation_id": organisation_id, "category": category, "until": until.isoformat()}),
    )


def noted() -> dict[tuple[int, str], datetime]:
    """(organisation, category) → until which moment it was forgotten."""
    file = settings().folder / NAME
    latest: dict[tuple[int, str], datetime] = {}
    for line in file.read_bytes().splitlines() if file.exists() else []:
        for key, until in _read(line).items():
            latest[key] = max(until, latest.get(key, until))
    return latest


def _read(line: bytes) -> dict[tuple[int, str], datetime]:
    """Nothing for half a line of a crash."""
    try:
        said = json.loads(line)
        until = datetime.fromisoformat(said["until"])
        return {(int(said["organisation_id"]), str(said["category"])): until} if until.tzinfo else {}
    except (ValueError, KeyError, TypeError):
        return {}
