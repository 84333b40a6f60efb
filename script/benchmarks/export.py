"""All answers as a file: its memory with ten thousand beside a million, and how long a thousand take."""

from collections.abc import Iterator
from typing import Any

from script.benchmarks.report import measured

SIZES = (10_000, 1_000_000)


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    yield from measured("export", (1_000,) if quick else SIZES)
