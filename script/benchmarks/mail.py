"""Delivering mail on both databases: each stage on its own, beside bare smtplib and beside one durable commit a mail."""

import smtplib
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from core import clock
from core.settings import settings
from outbox.channels import transport
from outbox.delivering import deliver
from outbox.envelopes import build
from script.benchmarks.letters import HTML, TEXT, claimed, queue, render_one
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import ROOT, folder
from tests import postgresql

TARGET_MS = 1.0
Figure = dict[str, Any]


def measure(quick: bool) -> Iterator[Figure]:
    mails = 500 if quick else 10_000
    with _sink() as port, folder() as data:
        limit, simple = _limit(port, mails), _one_commit_a_mail(port, mails // 5, Path(data))
        with folder() as place, postgresql.server(Path(place)) as place_of_it:
            urls = {
                "sqlite": f"sqlite:///{data}/scene.db",
                "postgresql": postgresql.url(place_of_it, "postgres"),
            }
            for database, url in urls.items():
                yield from _figures(database, url, port, mails, limit, simple)


def _figures(
    database: str, url: str, port: int, mails: int, limit: Figure, simple: Figure
) -> Iterator[Figure]:
    with application("", database_url=url, smtp_url=f"smtp://127.0.0.1:{port}"):
        organisation = open_one().organisation_id
        yield {"figure": "rendered", "database": database} | timed(mails // 5, render_one)
        yield {"figure": "queued", "database": database} | queue(organisation, mails)
        letters = claimed(min(mails, 50))
        yield {"figure": "built", "database": database} | timed(mails, lambda: build(letters[0], settings()))
        ours = _delivered(mails)
    yield {
        "figure": "accepted: claimed, built, handed over, recorded", "database": database, "mails": mails, "target": TARGET_MS,
        "limit_ms": limit["ms"], "limit_per_second": limit["per_second"], "simple_ms": simple["ms"],
        "simple_per_second": simple["per_second"], "times_simple": round(ours["per_second"] / simple["per_second"], 1),
    } | ours  # fmt: skip


def timed(times: int, work: Callable[[], object]) -> Figure:
    """CPU of this process a time, and how many a second."""
    begun, cpu = time.monotonic(), time.process_time()
    for _ in range(times):
        work()
    return _rate(times, begun, cpu)


def _rate(times: int, begun: float, cpu: float) -> Figure:
    return {
        "ms": round((time.process_time() - cpu) / times * 1000, 3),
        "per_second": round(times / (time.monotonic() - begun)),
    }


def _delivered(mails: int) -> Figure:
    """Over one connection, as one sender does."""
    begun, cpu, done = time.monotonic(), time.process_time(), 0
    while done < mails:
        done += deliver(clock.now(), transport(settings()), most=mails)
    return _rate(mails, begun, cpu)


@contextmanager
def _sink() -> Iterator[int]:
    server = subprocess.Popen(
        [sys.executable, "-m", "script.benchmarks.sink"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    try:
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.communicate()


def _at_once(client: smtplib.SMTP) -> None:
    """Small writes leave at once, as ours do."""
    assert client.sock
    client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _limit(port: int, mails: int) -> Figure:
    """Bare smtplib with bytes that are ready."""
    ready = f"Subject: Done\r\nMessage-ID: <1@example.org>\r\n\r\n{TEXT}{HTML}\r\n".encode()
    with smtplib.SMTP("127.0.0.1", port) as client:
        _at_once(client)
        return timed(mails, lambda: client.sendmail("a@example.org", ["r@example.org"], ready))


def _one_commit_a_mail(port: int, mails: int, data: Path) -> Figure:
    """What one would write first: EmailMessage, sendmail, and a durable UPDATE for each mail."""
    rows = sqlite3.connect(data / "simple.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        rows.execute(f"PRAGMA {pragma}")
    rows.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, sent TEXT)")
    rows.executemany("INSERT INTO mail (id) VALUES (?)", [(n,) for n in range(mails)])
    numbers = iter(range(mails))
    with smtplib.SMTP("127.0.0.1", port) as client:
        _at_once(client)

        def one() -> None:
            client.send_message(_message(n := next(numbers)))
            rows.execute("UPDATE mail SET sent = ? WHERE id = ?", (str(clock.now()), n))

        return timed(mails, one)


def _message(n: int) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", f"r{n}@example.org", "Done"
    message.set_content(TEXT)
    message.add_alternative(HTML, subtype="html")
    return message
