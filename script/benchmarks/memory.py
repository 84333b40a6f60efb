"""Memory (PSS) of everything that script/server keeps running; limit: 220 MB."""

import time
from collections.abc import Iterator
from typing import Any

from script.benchmarks.serving import folder, proportional_memory, server

LIMIT = 220
SETTLING_SECONDS = 6
"""Until the clock has run each of its ticks."""


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    del quick
    with folder() as data, server(data) as started:
        time.sleep(SETTLING_SECONDS)
        used = proportional_memory(started.group)
    yield {"figure": "web and clock, PSS", "MB": round(used), "limit": LIMIT, "ratio": round(used / LIMIT, 2)}
