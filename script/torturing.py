"""Many kills over many messages, seeded and resumable: what the test of the kills does with 25, for as long as you like."""

import json
import random
import sys
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from app import create_app
from core import schema
from core.db import db
from core.settings import Settings
from outbox.channels import CONNECTIONS
from outbox.queries import counts
from promises.ledger import Scope, ledger
from script.torture_scene import owe, release, under_way
from tests import postgresql
from tests.processes.senders import Draw, Nursery, faults_in_accounts, kill, listed, settle
from tests.sink import Mail, Sink, SinkServer

SECRET = "a key for torture that is long enough"  # noqa: S105
SENDERS = 2
BATCH = 2
"""Small claims, so that the few messages that are due call several connections."""
WEBSHOP = 1
"""The organisation of the scene: the first one."""


def main(wanted: Namespace) -> int:
    folder: Path = wanted.folder or Path(gettempdir(), f"terugkoppel-torture-{wanted.database}-{wanted.seed}")
    folder.mkdir(parents=True, exist_ok=True)
    with _database(wanted, folder) as url:
        settings = Settings(database_url=url, data_dir=folder, secret_key=SECRET, log_level="ERROR")
        with create_app(settings).app_context():
            schema.require_current()
            owe(wanted.messages)
            return _torture(wanted, settings, folder)


@contextmanager
def _database(wanted: Namespace, folder: Path) -> Iterator[str]:
    if wanted.database == "sqlite":
        yield f"sqlite:///{folder / 'torture.db'}"
        return
    (folder / "pg").mkdir(exist_ok=True)
    with postgresql.server(folder / "pg") as socket:
        yield postgresql.url(socket, "postgres")


def _torture(wanted: Namespace, settings: Settings, folder: Path) -> int:
    sink, accepted = Sink(mails=_accepted(folder)), (folder / "accepted.log").open("a", buffering=1)
    progress = _Progress(folder / "progress.json", sink, wanted.seed)
    progress.save()
    sink.draw = progress.draw
    sink.noted = lambda mail: accepted.write(f"{mail.message_id}\n")
    server = SinkServer(sink)
    server.start()
    try:
        with Nursery(settings, sink.url, BATCH=str(BATCH)) as nursery:
            _kill_on(wanted, nursery, progress)
            release(wanted.messages)
            settle(nursery, seconds=600)
    finally:
        server.stop()
        progress.save()
    return _account(wanted, settings, sink, progress)


def _accepted(folder: Path) -> list[Mail]:
    """What the server took in before we were stopped."""
    log = folder / "accepted.log"
    ids = log.read_text().split() if log.exists() else []
    return [Mail("", (), f"Message-ID: {id}\r\n\r\n".encode()) for id in ids]


class _Progress:
    """How far it is; written after each kill, so that it may be ended at any moment itself.

    `amid`: kills while messages were under way. `at_once`: most connections. `drops`: connections that hung up after the data.
    """

    def __init__(self, file: Path, sink: Sink, seed: int) -> None:
        held: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        self.kills, self.amid, self.starts, self._dropped, self._at_once = (
            held.get(name, 0) for name in ("kills", "amid", "starts", "drops", "at_once")
        )
        self.starts += 1
        self.draw, self._sink, self._file = Draw(seed + self.starts), sink, file

    @property
    def drops(self) -> int:
        return self._dropped + self.draw.drops

    @property
    def at_once(self) -> int:
        return max(self._at_once, self._sink.most_open)

    def save(self) -> None:
        names = ("kills", "amid", "starts", "drops", "at_once")
        self._file.write_text(json.dumps({name: getattr(self, name) for name in names}))


def _kill_on(wanted: Namespace, nursery: Nursery, progress: _Progress) -> None:
    """Each kill comes a moment after some messages fell due: a sender that has nothing to do is no news."""
    alive = [nursery.start() for _ in range(SENDERS)]
    while progress.kills < wanted.kills:
        chance = random.Random(f"{wanted.seed}:{progress.kills}")  # noqa: S311
        release(-(-wanted.messages // wanted.kills))
        threading.Event().wait(chance.uniform(0, 0.15))
        kill(alive.pop(chance.randrange(SENDERS)))
        progress.amid += under_way() > 0
        alive.append(nursery.start())
        progress.kills += 1
        progress.save()
        if progress.kills % 50 == 0:
            print(f"{progress.kills} kills", file=sys.stderr, flush=True)
    for pid in alive:
        kill(pid)


def _account(wanted: Namespace, settings: Settings, sink: Sink, progress: _Progress) -> int:
    """Whoever is killed leaves at most one message for each of its connections of which nobody knows."""
    db.session.rollback()
    found, owed = counts(WEBSHOP), ledger(Scope(WEBSHOP))
    wrong = faults_in_accounts(sink, settings.domain)
    bound = (progress.kills + SENDERS * progress.starts) * CONNECTIONS + progress.drops
    shown = len(listed(WEBSHOP, "unknown"))
    right = (
        shown == found.by_state["unknown"]
        and not wrong
        and found.adds_up
        and owed.adds_up
        and found.total == owed.responses == wanted.messages
        and found.by_state["unknown"] <= bound
    )
    figures = {
        "kills": progress.kills,
        "kills_amid_work": progress.amid,
        "connections_at_once": progress.at_once,
        "responses": owed.responses,
        "told": owed.told,
        "promised": owed.promised,
        "unreachable": owed.unreached,
        "messages": found.total,
        "unknown_at_most": bound,
        "unknown_listed": shown,
        "wrong": wrong[:20],
    }
    print(
        json.dumps(
            {"database": wanted.database, "seed": wanted.seed, "right": right} | figures | found.by_state
        )
    )
    return 0 if right else 1


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="script/torture")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--folder", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_arguments()))
