"""An application under the product's own server, in a process group of its own: python -m script.benchmarks.served PORT MODULE"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask

from script.benchmarks.scene import SECRET
from script.benchmarks.serving import ROOT, cpu_seconds, first_page, free_port
from script.parts import ready


class Served(NamedTuple):
    """Where it answers, and the process group that does."""

    port: int
    group: int

    def cpu(self) -> float:
        """Seconds of CPU so far, of all its processes."""
        return cpu_seconds(self.group)


@contextmanager
def served(module: str, url: str, data: str) -> Iterator[Served]:
    """`create_app` of a module, on this database."""
    port = free_port()
    own = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "DATA_DIR": data, "LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "script.benchmarks.served", str(port), module]
    with (Path(data) / "served.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | own, stdout=log, stderr=log, start_new_session=True)  # fmt: skip
    try:
        first_page(port, time.monotonic())
        yield Served(port, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def main(port: str, module: str) -> None:
    """As script/parts.py serves the product."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    from script.parts import THREADS

    Granian(
        f"{module}:create_app", address="127.0.0.1", port=int(port), interface=Interfaces.WSGI, http=HTTPModes.http1,
        websockets=False, workers=1, blocking_threads=THREADS, log_level=LogLevels.critical, factory=True,
    ).serve(target_loader=lambda: _loaded(module), wrap_loader=False)  # fmt: skip


def _loaded(module: str) -> Any:
    app = import_module(module).create_app()
    if isinstance(app, Flask):
        ready(app)
    return app


if __name__ == "__main__":
    main(*sys.argv[1:])
