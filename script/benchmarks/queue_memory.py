"""Peak memory of a sender that sends a thousand mails, with a short queue and with a long one behind them.

Pages of libraries count only as far as the machine happens to hold them, which differs by tens of MB from run to run:
they are left out.
"""

import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import delete, false, insert, literal, select

from core import clock
from core.application import bare_app
from core.db import db, writing
from core.settings import settings
from outbox.channels import transport
from outbox.delivering import deliver
from outbox.models import Attempt, Message, MessageBody
from script.benchmarks.letters import queue
from script.benchmarks.scene import SECRET, application
from script.benchmarks.serving import ROOT

SENT, SHORT, LONG = 1000, 1000, 100_000
LIMIT = 1.1
AT_ONCE = 5000
WORDS = insert(MessageBody).from_select(
    ["message_id", "text", "html", "secret"],
    select(Message.id, literal("Done."), literal("<p>Done.</p>"), false()).where(
        Message.id.not_in(select(MessageBody.message_id))
    ),
)


def measure(url: str, port: int, quick: bool) -> Iterator[dict[str, Any]]:
    """In a fresh process each, so that nothing else was ever in its memory."""
    long = LONG // 10 if quick else LONG
    peaks = [_peak(url, port, queued) for queued in (SHORT, long)]
    yield {
        "figure": f"peak memory of a sender after {SENT} mails, {SHORT} or {long} queued", "MB": peaks,
        "ratio": round(peaks[1] / peaks[0], 3), "limit": LIMIT,
    }  # fmt: skip


def _peak(url: str, port: int, queued: int) -> float:
    smtp = f"smtp://127.0.0.1:{port}"
    with application("", database_url=url, smtp_url=smtp):
        _fill(queued)
    known = {"DATABASE_URL": url, "SMTP_URL": smtp, "SECRET_KEY": SECRET, "LOG_LEVEL": "ERROR"}
    said = subprocess.run(
        [sys.executable, "-m", "script.benchmarks.queue_memory"],
        cwd=ROOT, env=os.environ | known, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return round(int(said.stdout) / 1024, 1)


def _fill(queued: int) -> None:
    """A thousand real letters that are due first; the rest waits behind them, and is due too."""
    with writing():
        for model in (Attempt, Message):
            db.session.execute(delete(model))
    queue(1, SENT)
    for start in range(SENT, queued, AT_ONCE):
        with writing():
            rows = [_row(n) for n in range(start, min(start + AT_ONCE, queued))]
            db.session.connection().execute(insert(Message), rows)
            db.session.execute(WORDS)


def _row(n: int) -> dict[str, Any]:
    now = clock.now()
    to = f"r{n}@d{n % 20}.example.org"
    return {
        "organisation_id": 1, "key": f"{n:032x}", "kind": "update", "recipient": to, "recipient_key": to, "domain": to.partition("@")[2],
        "sender_name": "Sam", "language": "en", "subject": "Done", "slot": f"{n:032x}",
        "created_at": now, "expires_at": now.replace(year=now.year + 1), "next_attempt_at": now,
    }  # fmt: skip


def main() -> None:
    with bare_app().app_context():
        done = 0
        while done < SENT:
            done += deliver(clock.now(), transport(settings()), most=SENT - done)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - _of_files())


def _of_files() -> int:
    """kB of files that are mapped into this process."""
    found = re.search(r"RssFile:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main()
