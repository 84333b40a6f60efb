"""What came of a button, on top of the page that follows."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash

from core.db import writing
from core.errors import Conflict, DomainError


@contextmanager
def written(done: str = "", refused: type[DomainError] = Conflict) -> Iterator[list[str]]:
    """`writing()`; then `done` and what was added to the list are said. What is `refused` says so itself, and goes no further."""
    said = [done] if done else []
    try:
        with writing():
            yield said
    except refused as late:
        flash(late.sentence, "error")
    else:
        for sentence in said:
            flash(sentence)
