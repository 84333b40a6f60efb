"""The two parts that script/server runs, each tied to it: python -m script.parts PARENT clock | web PORT PROCESSES GATE"""

import multiprocessing
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from script import lifeline

if TYPE_CHECKING:
    from flask import Flask

THREADS = 16
GRACE = 15  # seconds that a request in hand may take after we were asked to stop
FORKS = sys.platform == "linux"


def main(parent: str, part: str, *numbers: str) -> int:
    lifeline.hold(int(parent))
    if part == "clock":
        import scheduler

        return scheduler.main()
    web(*map(int, numbers))
    return 0


def web(port: int, processes: int, gate: int) -> None:
    """Serve on the loopback; what faces the world is the reverse proxy's task."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    if FORKS:
        multiprocessing.set_start_method("fork")
    else:
        _wait_at(gate)  # a worker that is not forked cannot read the pipe
    Granian(
        "app:create_app",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=processes,
        blocking_threads=THREADS,
        workers_kill_timeout=GRACE,
        log_level=LogLevels.critical,
    ).serve(target_loader=partial(load_app, gate), wrap_loader=False)


def load_app(gate: int) -> "Flask":
    """In granian's worker: imports, which take longest, while the database is prepared; the app once that is done."""
    lifeline.hold(os.getppid())
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # granian sets its own once it serves
    from app import create_app

    if FORKS:
        _wait_at(gate)
    app = create_app()
    ready(app)
    return app


def ready(app: "Flask") -> None:
    """What a process that serves does last; benchmarks do the same."""
    from core import garbage, one_core

    one_core.gather(app)
    garbage.settle()


def _wait_at(gate: int) -> None:
    """Until script.serve closes its end of the pipe."""
    os.read(gate, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
