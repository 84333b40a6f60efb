"""Delivering mail on both databases: each stage on its own, beside what it cannot be faster than and the simple way.

All mail goes to a server in a process of its own. What is compared runs in turns, three times; the median counts.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

from core import clock
from core.settings import settings
from outbox.channels import connections, transport
from outbox.channels.mailbox import Mailbox
from outbox.delivering import deliver
from outbox.envelopes import build
from outbox.lines import deliver_at_once
from script.benchmarks import queue_memory, sink
from script.benchmarks.beside_mail import Table, connect, ready_bytes, simple_way
from script.benchmarks.letters import claimed, queue, render_one
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import folder
from tests import postgresql

TARGET_MS, TARGET_TIMES = 1.0, 3.0
PAIRS = 3
Figure = dict[str, Any]


def measure(quick: bool) -> Iterator[Figure]:
    mails = 600 if quick else 10_000
    with (
        sink.running() as port,
        folder() as data,
        folder() as place,
        postgresql.server(Path(place), durable=True),
    ):
        urls = {"sqlite": f"sqlite:///{data}/scene.db", "postgresql": postgresql.url(place, "postgres")}
        for database, url in urls.items():
            with application("", database_url=url, smtp_url=f"smtp://127.0.0.1:{port}"):
                for figure in _figures(url, port, mails):
                    yield {"database": database} | figure
            for figure in queue_memory.measure(url, port, quick):
                yield {"database": database} | figure


def _figures(url: str, port: int, mails: int) -> Iterator[Figure]:
    organisation = open_one().organisation_id
    yield {"figure": "rendered"} | timed(max(100, mails // 20), render_one)
    yield {"figure": "queued"} | queue(organisation, mails)
    letters = iter(claimed(50) * mails)
    yield {"figure": "built"} | timed(mails, lambda: build(next(letters), settings()))
    yield from _accepted(url, port, mails)
    queue(organisation, mails // 5)
    yield {"figure": "claimed, built and recorded, without a server"} | _moved(
        mails // 5, lambda most: deliver(clock.now(), Mailbox(), most)
    )
    queue(organisation, mails // 5)
    lines = connections(settings())
    yield {"figure": "accepted over all connections", "connections": lines} | _moved(
        mails // 5, lambda _most: deliver_at_once(clock.now(), lines)
    )


def _accepted(url: str, port: int, mails: int) -> Iterator[Figure]:
    """Over one connection, as one line does, in turns with what stands beside it."""
    each, kinds = mails // PAIRS, ("ready bytes", "commit", "simple", "ours")
    found: dict[str, list[Figure]] = {kind: [] for kind in kinds}
    for _ in range(PAIRS):
        with closing(Table(url, each)) as table, connect(port) as client:
            numbers = iter(range(each))
            found["ready bytes"].append(timed(each, ready_bytes(client)))
            found["commit"].append(timed(each, lambda left=numbers: table.sent(next(left))))  # type: ignore[misc]
            found["simple"].append(timed(each, simple_way(client, table)))
        found["ours"].append(_moved(each, lambda most: deliver(clock.now(), transport(settings()), most)))
    times = [ours["per_second"] / simple["per_second"] for ours, simple in zip(found["ours"], found["simple"], strict=True)]  # fmt: skip
    yield {"figure": "limit: bare smtplib, bytes that are ready"} | _middle(found["ready bytes"])
    yield {"figure": "limit: one durable commit of one row by the bare driver"} | _middle(found["commit"])
    yield {"figure": "the simple way: EmailMessage and one commit a mail"} | _middle(found["simple"])
    yield {
        "figure": "accepted: claimed, built, handed over, recorded", "mails": each * PAIRS, "target_ms": TARGET_MS,
        "times_simple": round(median(times), 2), "target_times": TARGET_TIMES,
    } | _middle(found["ours"])  # fmt: skip


def _middle(figures: list[Figure]) -> Figure:
    return {name: median(figure[name] for figure in figures) for name in ("ms", "per_second")}


def timed(times: int, work: Callable[[], object]) -> Figure:
    """CPU of this process a time, and how many a second."""
    begun, cpu = time.monotonic(), time.process_time()
    for _ in range(times):
        work()
    return _rate(times, begun, cpu)


def _moved(mails: int, move: Callable[[int], int]) -> Figure:
    begun, cpu, done = time.monotonic(), time.process_time(), 0
    while done < mails:
        done += move(mails - done)
    return _rate(mails, begun, cpu)


def _rate(times: int, begun: float, cpu: float) -> Figure:
    return {
        "ms": round((time.process_time() - cpu) / times * 1000, 3),
        "per_second": round(times / (time.monotonic() - begun)),
    }
