"""The two parts that script/server runs, each in a process of its own: python -m script.parts web|clock …"""

import os
import runpy
import signal
import sys
from typing import Any

from script import lifeline

THREADS = 16
GRACE = 15  # seconds that a request in hand may take after we were asked to stop


def web(port: int, processes: int) -> None:
    """Serve the pages on the loopback; what faces the world is the reverse proxy's task."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

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
        log_level=LogLevels.error,
    ).serve(target_loader=load_app, wrap_loader=False)


def load_app() -> Any:
    """Runs in the worker that granian forks: tied to granian, and able to end before it serves."""
    lifeline.hold(os.getppid())
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # granian's own handler comes only after the import
    from app import create_app

    return create_app()


def clock() -> None:
    runpy.run_module("scheduler", run_name="__main__", alter_sys=True)


def main(part: str, parent: str, *numbers: str) -> None:
    lifeline.hold(int(parent))
    if part == "web":
        web(*map(int, numbers))
    else:
        clock()


if __name__ == "__main__":
    main(*sys.argv[1:])
