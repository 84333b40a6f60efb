"""Real senders to kill, and the account of what they did."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from sqlalchemy import select

from core.db import db
from core.settings import Settings
from outbox.models import Message
from outbox.queries import listing
from tests.sink import FAULTS, OK, Fault, Sink
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]


DROPS = {"drop_before_accept", "drop_after_accept", "no_final_reply"}


class Draw:
    """Two connections in five misbehave; `drops` counts those that hang up after the data."""

    def __init__(self, seed: int) -> None:
        self.random, self.drops = random.Random(seed), 0

    def __call__(self) -> Fault:
        name = self.random.choice(sorted(FAULTS.keys() - {"slow_final_reply"}))
        if self.random.random() > 0.4:
            return OK
        self.drops += name in DROPS
        return FAULTS[name]


class Nursery:
    """Starts senders on a database; `with` ends them all."""

    def __init__(self, settings: Settings, smtp_url: str, **environment: str) -> None:
        self.last_words = settings.folder / "last-words.log"
        self.environment = {
            **os.environ,
            "DATABASE_URL": settings.database_url,
            "DATA_DIR": str(settings.data_dir),
            "SECRET_KEY": settings.secret_key,
            "SMTP_URL": smtp_url,
            "LOG_LEVEL": "ERROR",
            "LAST_WORDS": str(self.last_words),
            **environment,
        }

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.processes.nursery"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def start(self) -> int:
        """The pid of a new sender."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("start\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        self.check()
        assert said, "the nursery itself ended; its words stand above"
        return int(said)

    def until(self, condition: Callable[[], object], seconds: float = 10) -> None:
        """As `until`, but a sender that died of an error ends the wait, with its words."""

        def met() -> object:
            self.check()
            return condition()

        until(met, seconds)

    def check(self) -> None:
        assert not self.last_words.exists(), f"a sender died of this:\n{self.last_words.read_text()}"

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def kill(pid: int, how: signal.Signals = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, how)


def is_gone(pid: int) -> bool:
    """Ended; one that nobody has buried yet counts as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def states() -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(select(Message.state)))


def listed(organisation_id: int, state: str) -> set[int]:
    """Ids on all pages of the list that people see."""
    page = listing(organisation_id, state)
    found = [line.id for line in page.lines]
    while page.next:
        page = listing(organisation_id, state, page.next)
        found += [line.id for line in page.lines]
    return set(found)


def is_settled() -> bool:
    """Nothing waits and nothing is under way."""
    found = states()
    return not any(found[state] for state in ("queued", "claimed", "transmitting"))


def settle(nursery: Nursery, seconds: float = 60) -> None:
    """One sender, left alone, finishes."""
    pid = nursery.start()
    nursery.until(is_settled, seconds)
    kill(pid, signal.SIGTERM)
    nursery.until(lambda: is_gone(pid))


def faults_in_accounts(sink: Sink, domain: str) -> list[str]:
    """What does not add up between our rows and what the server accepted."""
    db.session.rollback()
    accepted = Counter(mail.message_id for mail in sink.mails)
    wrong = [f"{id} was accepted {n} times" for id, n in accepted.items() if n > 1]
    allowed = {"sent": {1}, "unknown": {0, 1}, "failed": {0}, "suppressed": {0}}
    for key, state in db.session.execute(select(Message.key, Message.state)):
        n = accepted.pop(f"<{key}@{domain}>", 0)
        wrong += [] if n in allowed.get(state, ()) else [f"{key} is {state}, accepted {n} times"]
    return wrong + [f"{id} is nobody's" for id in accepted]
