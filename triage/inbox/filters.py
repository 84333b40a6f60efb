"""What the inbox can be narrowed to, as it stands in the address of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

STATES = ("open", "held", "settled")
SCORES = tuple(str(n) for n in range(11))


@dataclass(frozen=True, slots=True)
class Filters:
    """Each one as it was written; empty: not asked for. What does not exist matches nothing."""

    state: str = ""
    q: str = ""
    survey: str = ""
    round: str = ""
    emotion: str = ""
    theme: str = ""
    score: str = ""
    channel: str = ""
    language: str = ""
    assignee: str = ""
    """A colleague's number, `me`, or `nobody`."""
    customer: str = ""
    since: str = ""
    until: str = ""
    """Days on the organisation's calendar; both are part of what is asked for."""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Filters":
        return cls(**{f.name: sent.get(f.name, "").replace("\x00", "").strip()[:200] for f in fields(cls)})

    def as_args(self) -> dict[str, Any]:
        """The filters that are set, to make an address with."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name))}

    def __bool__(self) -> bool:
        return bool(self.as_args())
