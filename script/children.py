"""The processes that script.serve answers for: started by name, missed when they end, stopped together."""

import os
import signal
import subprocess
import sys
import time
from typing import NoReturn

from script import bell

GRACE = 20.0  # seconds to end by themselves; systemd and the like wait 25 or longer

Child = subprocess.Popen[bytes]
Children = dict[str, Child]


class Failed(Exception):
    """Carries the exit code; what went wrong has been said."""


def fail(sentence: str) -> NoReturn:
    print(f"Error: {sentence}", file=sys.stderr, flush=True)
    raise Failed(1)


def start(module: str, *arguments: str, stdout: int | None = None, pass_fds: tuple[int, ...] = ()) -> Child:
    """`python -m script.MODULE OUR-ID ARGUMENTS…`, in our process group, deaf to Ctrl-C, which we pass on in order."""
    command = [sys.executable, "-m", f"script.{module}", str(os.getpid()), *arguments]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        pass_fds=pass_fds,
        preexec_fn=_turn_deaf,  # noqa: PLW1509 - nothing can be locked here: we have one thread
    )


def _turn_deaf() -> None:
    """Blocked and not ignored: parts set handlers of their own, and some hang when two signals come at once."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def refuse_dead(children: Children) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            fail(f"The {name} ended by itself (code {child.returncode}). Stopping the rest.")


def stop(ear: int, children: Children) -> None:
    """Ask all, give them time, then end what is left."""
    for child in children.values():
        child.terminate()
    until = time.monotonic() + GRACE
    while _alive(children) and time.monotonic() < until:
        try:
            bell.pause(ear, until - time.monotonic())
        except bell.AskedToStop:
            continue  # we are stopping; asking twice does not lose what is in hand
    for child in _alive(children):
        child.kill()
        child.wait()


def _alive(children: Children) -> list[Child]:
    return [child for child in children.values() if child.poll() is None]
