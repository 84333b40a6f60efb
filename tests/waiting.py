"""Waiting on a condition, never for a length of time."""

import threading
import time
from collections.abc import Callable


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Return when `condition()` is true; AssertionError when it is not within `seconds`."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {condition}")
        pause.wait(0.02)
