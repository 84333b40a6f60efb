"""The processes that script/server starts, each tied to its parent: python -m script.parts web|clock|demo PARENT [REPORT]"""

import gc
import multiprocessing
import os
import signal
import sys
from typing import TYPE_CHECKING

from script import lifeline

if TYPE_CHECKING:
    from flask import Flask

THREADS = 16
GRACE = 15  # seconds that a request in hand may take after we were asked to stop

_app: "Flask | None" = None


def main(part: str, parent: str, report: str = "") -> int:
    lifeline.hold(int(parent))
    if part == "clock":
        return clock()
    if part == "demo":
        return demo()
    return web(int(report))


def clock() -> int:
    import scheduler

    return scheduler.main()


def demo() -> int:
    """A process of its own, since what loading needs would stay in the web server's memory."""
    from app import create_app
    from script.preparing import load_demo

    return load_demo(create_app())


def web(report: int) -> int:
    """Prepare, report over the pipe `report`, and serve. The app is imported once, before granian forks its worker."""
    global _app
    gc.disable()
    from script.preparing import prepare

    ready = prepare()
    if isinstance(ready, int):
        return ready
    _app = ready.app
    gc.collect()
    gc.freeze()  # pages that the collector does not touch stay shared with the worker: 35 MB
    gc.enable()
    with os.fdopen(report, "w") as pipe:
        pipe.writelines(f"{name} {value}\n" for name, value in ready.facts.items())
    _serve(int(ready.facts["port"]), int(ready.facts["processes"]))
    return 0


def _serve(port: int, processes: int) -> None:
    """On the loopback only; what faces the world is the reverse proxy's task."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
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


def load_app() -> "Flask":
    """Runs in granian's worker: tied to granian, and able to end before it serves."""
    from app import create_app

    lifeline.hold(os.getppid())
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # granian sets its own once it serves
    return _app or create_app()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
