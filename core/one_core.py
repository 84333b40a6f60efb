"""Threads of Python run one at a time, and a page asks SQLite thirty times, each time letting another thread go on.

Where that one sits on another core it has to be woken there, and finds nothing of ours in that core's memory: an answer
taken by sixteen threads cost half as much again as by one. So the pages for strangers, which are short and come
by the hundred, are made on one core of each process; those of staff, which may take a while, where there is room.
"""

import os
import sys
import threading
from contextlib import suppress

from flask import Flask, request

from core.routes import least_role

_here = threading.local()


def gather(app: Flask) -> None:
    """Call once, in a process that serves. Neighbouring processes take neighbouring cores; only Linux can be asked for one."""
    if sys.platform == "linux":
        all_of_them = os.sched_getaffinity(0)
        one = {sorted(all_of_them)[os.getpid() % len(all_of_them)]}
        app.before_request(lambda: _stay_on(one if _is_for_strangers() else all_of_them))


def _is_for_strangers() -> bool:
    return request.endpoint is not None and least_role(request.endpoint, request.method) is None


def _stay_on(cores: set[int]) -> None:
    """The system is told when it changes for this thread. Where it refuses, pages are made anywhere, as before."""
    if sys.platform == "linux" and getattr(_here, "cores", None) != cores:
        _here.cores = cores
        with suppress(OSError):
            os.sched_setaffinity(0, cores)
