"""The renderer's process, `python -m reports.pdf.renderer`: jobs on stdin, answers on stdout, gone when idle.

It loads WeasyPrint once and forks for each job, so that a job has its own limits, leaves nothing behind for
the next one, and takes nothing down with it.
"""

import contextlib
import os
import select
import signal
import sys
import time
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from reports.pdf import confinement, frames

STDIN, STDOUT = 0, 1
IDLE_SECONDS = 300.0


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    missing = load()
    confinement.give_up_rights()
    with contextlib.suppress(EOFError, TimeoutError, BrokenPipeError):
        serve(float(sys.argv[1]) if len(sys.argv) > 1 else IDLE_SECONDS, missing)


def load() -> str:
    """Load WeasyPrint; what it could not find (Pango comes with no wheel), or nothing."""
    try:
        from reports.pdf import typesetting
    except OSError as error:
        return str(error).splitlines()[0][:200]
    typesetting.prepare()
    return ""


def serve(idle: float, missing: str) -> None:
    """Answer jobs until the server goes away or stays silent for `idle` seconds."""
    while True:
        job = frames.receive(STDIN, idle)
        frames.send(STDOUT, _problem("library", missing) if missing else attempt(job))


def attempt(job: dict[str, Any]) -> dict[str, Any]:
    """Draw one job in a process of its own; `{"problem": …, "detail": …}` where that ends badly."""
    reader, writer = os.pipe()
    with TemporaryDirectory(prefix="report-") as folder:
        child = os.fork()
        if child == 0:
            _draw(job, writer, folder)
        os.close(writer)
        return _outcome(child, reader, job["seconds"])


def _draw(job: dict[str, Any], writer: int, folder: str) -> NoReturn:
    """In the child: limits, the work, one answer, the end."""
    try:
        _let_go_of(STDOUT)
        os.environ["TMPDIR"] = folder
        confinement.bound(job["seconds"], job["memory"])
        confinement.forbid()
        frames.send(writer, _answer(job))
    finally:
        os._exit(0)


def _let_go_of(stream: int) -> None:
    """The server must see its renderer die, also while a job of it still runs."""
    os.dup2(os.open(os.devnull, os.O_RDWR), stream)


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    from reports.pdf import typesetting

    try:
        return typesetting.typeset(job)
    except typesetting.OutsideError as error:
        return _problem("outside", str(error))
    except MemoryError:
        return _problem("memory")
    except Exception as error:  # whatever it trips over, the server hears of it
        return _problem("broken", f"{type(error).__name__}: {error}"[:300])


def _outcome(child: int, reader: int, seconds: int) -> dict[str, Any]:
    try:
        return _wait(reader, time.monotonic() + seconds)
    except TimeoutError:
        return _problem("time")
    except EOFError:
        return _problem("stopped")
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _wait(reader: int, until: float) -> dict[str, Any]:
    """The child's answer; the server's going away (its pipe speaks out of turn) ends everything."""
    ready, _, _ = select.select([reader, STDIN], [], [], max(0.0, until - time.monotonic()))
    if STDIN in ready:
        raise BrokenPipeError
    return frames.receive(reader, max(0.0, until - time.monotonic()))


def _problem(kind: str, detail: str = "") -> dict[str, Any]:
    return {"problem": kind, "detail": detail}


if __name__ == "__main__":
    main()
