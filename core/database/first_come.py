"""Two who write the same row at the same moment: the second one finds what the first one wrote."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from core.db import writing

TRIES = 5
T = TypeVar("T")


def first_come(work: Callable[[], T]) -> T:
    """`work` in a transaction of its own, again when a unique key was taken meanwhile; IntegrityError in the end."""
    for _attempt in range(TRIES - 1):
        with suppress(IntegrityError), writing():
            return work()
    with writing():
        return work()
