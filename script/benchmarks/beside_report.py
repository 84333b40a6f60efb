"""10,000 who answer over 128 connections while a report is drawn and mail is sent, by the product as it is started: none is lost."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select

from core import clock
from core.db import db
from outbox.models import Message
from promises.models import Promise
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import ROOT, folder, server
from script.benchmarks.sink import running
from script.benchmarks.visitors import answer, crowd
from surveys.models_responses import Response

RESPONDENTS, CONNECTIONS = 10_000, 128


def measure(respondents: int = RESPONDENTS) -> Iterator[dict[str, Any]]:
    with folder() as data, running() as port:
        url = f"sqlite:///{data}/bench.db"
        with application("", database_url=url):
            open_one()
        with server(data, SMTP_URL=f"smtp://127.0.0.1:{port}") as started, _reports(url, data) as drawn:
            found = crowd(started.port, answer, CONNECTIONS, respondents)
        with application("", database_url=url):
            kept, owed, sent = (db.session.scalar(select(func.count(one))) or 0 for one in (Response.id, Promise.response_id.distinct(), Message.sent_at))  # fmt: skip
    yield {
        "figure": f"answers over {CONNECTIONS} connections while a report is drawn and mail is sent", "database": "sqlite",
        "answers": len(found.seconds), "lost": len(found.seconds) - min(kept, owed), "errors": found.errors,
        "per_second": round(found.rate, 1), "p50_ms": round(found.ms(0.5)), "p99_ms": round(found.ms(0.99)),
        "reports": drawn.count(0), "reports_failed": len(drawn) - drawn.count(0), "mails": sent,
    }  # fmt: skip


@contextmanager
def _reports(url: str, data: str) -> Iterator[list[int]]:
    """One after the other, as a colleague asks for them; yields what each ended with."""
    ended, over = list[int](), threading.Event()
    today = clock.now().date().isoformat()
    asked = [
        "report",
        "render",
        "--survey",
        "bench",
        "--from",
        today,
        "--to",
        today,
        "--language",
        "en",
        "--out",
        f"{data}/report.pdf",
    ]
    environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": data, "LOG_LEVEL": "ERROR"}

    def draw() -> None:
        while not over.is_set():
            command = [sys.executable, "-m", "flask", *asked]
            ended.append(
                subprocess.run(
                    command, cwd=ROOT, env=environment, capture_output=True, check=False
                ).returncode
            )

    drawing = threading.Thread(target=draw)
    drawing.start()
    try:
        yield ended
    finally:
        over.set()
        drawing.join()
