"""Rings when a signal arrives: waiting without polling and without threads."""

import os
import select
import signal

ENDING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


class AskedToStop(Exception):
    pass


def hang() -> int:
    """A file descriptor that a byte arrives at with every signal; ours and those of children that end."""
    bell, clapper = os.pipe()
    os.set_blocking(clapper, False)
    signal.set_wakeup_fd(clapper, warn_on_full_buffer=False)
    for number in (*ENDING, signal.SIGCHLD):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
            signal.signal(number, lambda *_: None)
    return bell


def pause(bell: int, seconds: float | None = None) -> None:
    """Until a signal comes or `seconds` have passed; AskedToStop when the signal says so."""
    if select.select([bell], [], [], seconds)[0] and ENDING.intersection(os.read(bell, 512)):
        raise AskedToStop
