"""Where a comment stands by its tags: the one rule in Python, for rows of a list as for tags themselves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar


class TagFacts(Protocol):
    """What the rule asks of a tag."""

    @property
    def tagged_at(self) -> datetime: ...
    @property
    def release_at(self) -> datetime: ...
    @property
    def told_at(self) -> datetime | None: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...


T = TypeVar("T", bound=TagFacts)


def live(tags: Iterable[T], reopened_at: datetime | None) -> list[T]:
    """Those that hold since the comment was last reopened."""
    return [t for t in tags if t.withdrawn_at is None and (not reopened_at or t.tagged_at > reopened_at)]


def is_held(tag: TagFacts, now: datetime) -> bool:
    """It can be undone still."""
    return tag.told_at is None and tag.release_at > now


def state(live_tags: Iterable[TagFacts], now: datetime) -> str:
    """open (needs a person), held (can be undone), settled (released)"""
    tags = list(live_tags)
    return "open" if not tags else "held" if any(is_held(t, now) for t in tags) else "settled"
