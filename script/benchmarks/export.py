"""All answers as a file, as a sheet, and the ledger: the memory of each with ten thousand beside a million, and how long a thousand take."""

from collections.abc import Iterator
from typing import Any

from script.benchmarks.report import measured

SIZES = (10_000, 1_000_000)


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    for file in ("answers", "sheet", "ledger"):
        yield from measured(file, (1_000,) if quick else SIZES)
