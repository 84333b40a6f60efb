"""Several clocks and senders at once on one queue, all of it due: each message arrives once."""

import json
import random
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from core import clock, schema
from core.application import bare_app
from core.db import db, writing
from core.settings import Settings
from tests import postgresql
from tests.cast import make_organisation
from tests.outbox.post import write
from tests.processes.clocks import clocks
from tests.processes.senders import Nursery, faults_in_accounts, is_settled, states
from tests.sink import Sink, SinkServer

SECRET = "a key for torture that is long enough"  # noqa: S105
AT_ONCE, DOMAINS = 500, 50
PATIENCE_PER_MESSAGE = 0.2
"""Seconds; a machine that does other things too is slow."""


def main(wanted: Namespace) -> int:
    sink = Sink()
    server = SinkServer(sink)
    server.start()
    try:
        with TemporaryDirectory() as folder, _database(wanted.database, Path(folder)) as url:
            settings = Settings(
                database_url=url,
                data_dir=Path(folder),
                secret_key=SECRET,
                smtp_url=sink.url,
                log_level="ERROR",
            )
            with bare_app(settings).app_context():
                schema.require_current()
                _queue(wanted.messages, random.Random(wanted.seed))  # noqa: S311
                return _account(wanted, settings, sink, _send(wanted, settings, sink))
    finally:
        server.stop()


@contextmanager
def _database(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder / 'crowd.db'}"
        return
    with postgresql.server() as socket:
        yield postgresql.url(socket, "postgres")


def _queue(messages: int, chance: random.Random) -> None:
    """To many domains, some of which get far more than others."""
    with writing():
        organisation = make_organisation("crowd", clock.now())
    for start in range(0, messages, AT_ONCE):
        with writing():
            for n in range(start, min(start + AT_ONCE, messages)):
                domain = int(DOMAINS * chance.random() ** 2)
                write(organisation, clock.now(), f"r{n}@d{domain}.example.com")
        db.session.expunge_all()
        organisation = db.session.merge(organisation)


def _send(wanted: Namespace, settings: Settings, sink: Sink) -> float:
    """Seconds until nothing waits any more."""
    begun = monotonic()
    with clocks(settings, wanted.clocks), Nursery(settings, sink.url, LEASE_SECONDS="30") as nursery:
        for _ in range(wanted.senders):
            nursery.start()
        nursery.until(lambda: len(sink.mails) >= wanted.messages, 60 + wanted.messages * PATIENCE_PER_MESSAGE)
        nursery.until(is_settled, 60)
        return monotonic() - begun


def _account(wanted: Namespace, settings: Settings, sink: Sink, seconds: float) -> int:
    by_id = Counter(mail.message_id for mail in sink.mails)
    wrong, found = faults_in_accounts(sink, settings.domain), states()
    right = not wrong and len(by_id) == len(sink.mails) == found["sent"] == wanted.messages
    figures = {
        "right": right,
        "accepted": len(sink.mails),
        "distinct": len(by_id),
        "repeated": len(sink.mails) - len(by_id),
        "connections_at_once": sink.most_open,
        "seconds": round(seconds, 1),
        "wrong": wrong[:20],
    }
    print(json.dumps(vars(wanted) | figures | found))
    return 0 if right else 1


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="script/torture crowd")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--clocks", type=int, default=2)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_arguments()))
