"""Ties a process to the one that started it: when that is gone, also by kill -9, this one ends too."""

import ctypes
import os
import signal
import sys
import threading

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, <linux/prctl.h>
LOOK_EVERY = 1.0  # seconds, where the system has no such call


def hold(parent: int) -> None:
    """End this process as soon as its parent, whose id is `parent`, has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before we asked
        _end()


def _watch(parent: int) -> None:
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(LOOK_EVERY)
    _end()


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
