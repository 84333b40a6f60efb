"""From script/server to the first page, the second time; limit: 4 s."""

from collections.abc import Iterator
from statistics import median
from typing import Any

from script.benchmarks.serving import folder, server

LIMIT = 4.0


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    with folder() as data:
        with server(data) as first:
            pass
        again = []
        for _ in range(2 if quick else 5):
            with server(data) as started:
                again.append(started.seconds)
    yield {"figure": "first start to first page, without demo", "seconds": round(first.seconds, 2)}
    yield {
        "figure": "second start to first page",
        "seconds": round(median(again), 2),
        "limit": LIMIT,
        "ratio": round(median(again) / LIMIT, 2),
    }
