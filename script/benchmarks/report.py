"""A report of a year with a thousand, a hundred thousand and a million answers: its figures, its charts and its PDF, each by itself.

The PDF stands beside WeasyPrint alone on the same page, and beside a browser that prints it. What is large is made once
and kept in `BENCH_FOLDER`, where that is set.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from script.benchmarks import loops
from script.benchmarks.piles import Piles, address, fill, piles
from script.benchmarks.serving import ROOT

SIZES = (1_000, 100_000, 1_000_000)
DATABASES = ("sqlite", "postgresql")


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    yield from measured("report", SIZES[:1] if quick else SIZES)


def measured(what: str, sizes: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Each in a process of its own (see alone.py)."""
    with piles() as at:
        for answers in sizes:
            for database in DATABASES:
                yield {"figure": what, "database": database, **_alone(what, f"reports-{database}-{answers}", database, answers, at)}  # fmt: skip


def _alone(what: str, name: str, database: str, answers: int, at: Piles) -> dict[str, Any]:
    url = address(name, database, at)
    fill(url, at.place, lambda survey: loops.gather(survey, answers))
    command = [sys.executable, "-m", "script.benchmarks.alone", what, url]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found
