"""The server's side of the renderer: hand over a manuscript, get a PDF back, or a sentence that says why not."""

import atexit
import contextlib
import os
import subprocess
import sys
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from flask_babel import gettext as _

from core.errors import DomainError
from reports.pdf import frames
from reports.pdf.manuscripts import Limits, Manuscript, message

ROOT = Path(__file__).parent.parent.parent
PASSED_ON = (
    "PATH",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
)
GRACE_SECONDS = 10


class RenderError(DomainError):
    """A report that could not be drawn, and why."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The PDF, and what the renderer had to say about it (a missing glyph, a style it does not know)."""

    pdf: bytes
    warnings: list[str] = field(default_factory=list)


class Renderer:
    """One child process: started by the first report, warm for the next, gone when idle."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.child: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = Lock()

    def draw(self, manuscript: Manuscript) -> Drawn:
        """The manuscript as PDF; the same one gives the same bytes. RenderError with a sentence otherwise."""
        with self._one_at_a_time:
            answer = self._exchange(message(manuscript, self.limits))
        if "problem" in answer:
            raise RenderError(_sentence(answer["problem"], answer["detail"], self.limits))
        return Drawn(b64decode(answer["pdf"]), answer["warnings"])

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self.child:
            self.child.kill()
            self.child.communicate()
            self.child = None

    def _exchange(self, job: dict[str, Any]) -> dict[str, Any]:
        """Send and wait; a child that ended while idle is replaced once."""
        for _turn in range(2):
            child = self._running()
            with contextlib.suppress(BrokenPipeError):
                frames.send(_descriptor(child.stdin), job)
                return self._listen(child)
            self.close()
        return {"problem": "stopped", "detail": ""}

    def _listen(self, child: subprocess.Popen[bytes]) -> dict[str, Any]:
        try:
            return frames.receive(_descriptor(child.stdout), self.limits.seconds + GRACE_SECONDS)
        except EOFError:
            self.close()
            return {"problem": "stopped", "detail": ""}
        except TimeoutError:
            self.close()
            return {"problem": "time", "detail": ""}

    def _running(self) -> subprocess.Popen[bytes]:
        if self.child is None or self.child.poll() is not None:
            self.close()
            self.child = _start(self.limits)
        return self.child


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    """A child that inherits no secret: of the environment it gets what finds its libraries."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "reports.pdf.renderer", str(limits.idle)],
        cwd=ROOT,
        env=environment | {"LANG": "C.UTF-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )


def _descriptor(stream: Any) -> int:
    number: int = stream.fileno()
    return number


def _sentence(problem: str, detail: str, limits: Limits) -> str:
    sentences: dict[str, str] = {
        "time": _("Drawing the report took longer than %(n)d seconds and was stopped.", n=limits.seconds),
        "memory": _("Drawing the report needed more than %(n)d MB of memory.", n=limits.memory >> 20),
        "outside": _(
            "The report asked for something outside itself (%(url)s) and was not drawn.", url=detail
        ),
        "library": _("PDF reports need Pango, which was not found here (%(error)s).", error=detail),
        "stopped": _("The program that draws reports was stopped before it was done."),
        "broken": _("The report could not be drawn (%(error)s).", error=detail),
    }
    return sentences[problem]


renderer = Renderer()
atexit.register(renderer.close)
