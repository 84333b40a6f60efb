"""Delivering mail: everything recorded, beside bare smtplib with bytes that are ready."""

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from core import clock
from core.db import db, writing
from core.settings import settings
from outbox.channels import transport
from outbox.delivering import deliver
from outbox.freezing import freeze
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import ROOT, folder

TARGET_MS = 1.0
TEXT = "Dear Rita,\n\nYou wrote: The box was torn.\n\nWe now use a stronger box.\n\nSam Signer\n"
HTML = f"<html><body>{'<p>We now use a stronger box.</p>' * 20}</body></html>"


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    mails = 500 if quick else 5000
    with _sink() as port, folder() as data:
        ours, per_second = _ours(data, port, mails)
        limit = _limit(port, mails)
    yield {
        "figure": "one mail delivered and recorded, CPU of the sender", "ms": round(ours, 2), "target": TARGET_MS,
        "limit_ms": round(limit, 3), "ratio_to_limit": round(ours / limit, 1), "per_second": round(per_second), "mails": mails,
    }  # fmt: skip


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


def _ours(data: str, port: int, mails: int) -> tuple[float, float]:
    with application(data, smtp_url=f"smtp://127.0.0.1:{port}") as _:
        survey = open_one()
        organisation, now = survey.organisation_id, clock.now()
        for start in range(0, mails, 500):
            with writing():
                for n in range(start, min(start + 500, mails)):
                    freeze(organisation, "update", f"r{n}@example.org", "Done", TEXT, HTML, "Sam", "en", now)
        db.session.rollback()
        return _deliver_all(mails)


def _deliver_all(mails: int) -> tuple[float, float]:
    begun, cpu, done = time.monotonic(), time.process_time(), 0
    while done < mails:
        done += deliver(clock.now() + timedelta(seconds=1), transport(settings()))
    return (time.process_time() - cpu) / mails * 1000, mails / (time.monotonic() - begun)


def _limit(port: int, mails: int) -> float:
    ready = f"Subject: Done\r\nMessage-ID: <1@example.org>\r\n\r\n{TEXT}{HTML}\r\n".encode()
    with smtplib.SMTP("127.0.0.1", port) as client:
        cpu = time.process_time()
        for n in range(mails):
            client.sendmail("a@example.org", [f"r{n}@example.org"], ready)
        return (time.process_time() - cpu) / mails * 1000
