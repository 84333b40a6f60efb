"""Waiting on a condition, never for a length of time."""

import threading
import time
from collections.abc import Callable

PATIENT = 4
"""So many times as long as a question took is waited before it is asked again: those who are waited for need the processor."""


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Return when `condition()` is true; AssertionError when it is not within `seconds`."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while True:
        asked = time.monotonic()
        if condition():
            return
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {condition}")
        pause.wait(max(0.02, PATIENT * (time.monotonic() - asked)))


def until_all(done: Callable[[], int], wanted: int, patience: float = 60) -> None:
    """Return when `done()` is `wanted`; AssertionError when it stands still for `patience` seconds.

    For work that takes as long as the machine is busy: what it must not do is stop.
    """
    reached = -1
    while reached != wanted:
        before = reached
        until(lambda before=before: done() != before, patience)  # type: ignore[misc]
        reached = done()
