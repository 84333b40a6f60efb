"""Somebody in a list of people to ask, and what is wrong with somebody who cannot be asked."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """One who can be asked, as the list says it; `event_at`: what they are asked about."""

    line: int
    email: str
    name: str = ""
    language: str = ""
    external_id: str = ""
    event_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One line that cannot be used: what stands there, and why not."""

    line: int
    words: str
    why: str
