"""A process that has imported everything and forks a sender whenever it is told to: a fresh one within milliseconds.

It reads `start` from stdin and answers with a pid when that sender is ready; it ends, and its children with it, when stdin is closed.
Times are shortened: a lease of one second, back-off of a few hundredths.
"""

import gc
import os
import signal
import sys
import threading
import traceback
from datetime import timedelta
from pathlib import Path

import followup.models  # noqa: F401
from core import clock
from core.application import bare_app
from outbox import breaking, claiming, jobs, pausing
from outbox.channels import connecting, conversation


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _hurry()
    gc.freeze()
    for _order in sys.stdin:
        sys.stdout.write(f"{_bear()}\n")
        sys.stdout.flush()


def _bear() -> int:
    """The pid of a child that is ready to send."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        sys.stdin.close()
        _live(os.getppid(), theirs)
    os.close(theirs)
    os.read(ours, 1)
    os.close(ours)
    return child


def _live(parent: int, ready: int) -> None:
    """Never returns. What it dies of, other than a signal, it says in the file that is named LAST_WORDS."""
    try:
        _send_until_asked_to_end(parent, ready)
    except BaseException:
        with Path(os.environ["LAST_WORDS"]).open("a") as file:
            traceback.print_exc(file=file)
    os._exit(0)


def _hurry() -> None:
    claiming.LEASE = timedelta(seconds=float(os.environ.get("LEASE_SECONDS", "1")))
    claiming.BATCH = int(os.environ.get("BATCH", claiming.BATCH))
    pausing.BACK_OFF = (timedelta(seconds=0.05),)
    pausing.PAUSE = timedelta(seconds=0.05)
    breaking.FIRST_WAIT = timedelta(seconds=0.05)
    connecting.CONNECT_SECONDS = 0.5
    conversation.COMMAND_SECONDS = 0.5
    conversation.FINAL_SECONDS = float(os.environ.get("FINAL_SECONDS", "0.5"))
    conversation.STOP_SECONDS = 1.0


def _send_until_asked_to_end(parent: int, ready: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: claiming.stopping.set())
    pause = threading.Event()
    with bare_app().app_context():
        os.close(ready)
        while not claiming.stopping.is_set() and os.getppid() == parent:
            moved = (
                jobs.hand_back(clock.now()) + jobs.deliver_due(clock.now()) + jobs.deliver_texts(clock.now())
            )
            pause.wait(0 if moved else 0.02)


if __name__ == "__main__":
    main()
