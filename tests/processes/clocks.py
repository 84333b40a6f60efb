"""Clocks as real processes, as script/server starts them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from core.settings import ROOT, Settings


@contextmanager
def clocks(settings: Settings, number: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """So many, ended at the end, also those that were stopped."""
    running = [
        subprocess.Popen([sys.executable, "-m", "scheduler"], cwd=ROOT, env=_environment(settings))
        for _ in range(number)
    ]
    try:
        yield running
    finally:
        for process in running:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in running:
            _end(process)


def _environment(settings: Settings) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "DATABASE_URL": settings.database,
        "DATA_DIR": str(settings.data_dir),
        "SECRET_KEY": settings.secret_key,
        "SMTP_URL": settings.smtp_url,
        "LOG_LEVEL": "ERROR",
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask, and after 25 seconds insist: rows are safe either way."""
    try:
        process.wait(25)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
