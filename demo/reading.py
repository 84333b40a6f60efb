"""The demo's texts, read from the TOML files beside this one. Nothing here touches the database."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from demo.texts import Colleague, Deed, House, Remark, Sheet, Topic, Words

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Story:
    """Something that happened to a few people; which fields are filled depends on `kind`."""

    kind: str
    survey: str
    comments: list[str]
    action: str = ""
    words: str = ""
    title: str = ""
    server_reply: str = ""
    evidence: str = ""
    again_action: str = ""
    moved_days_ago: int = 0
    new_due_days_ago: int = 0
    verdict_days_ago: int = 0
    again_days_ago: int = 0
    solved_days_ago: int = 0
    corrected_days_ago: int = 0
    waiting: Words = field(default_factory=dict)
    waiting_days: int = 0
    reason: Words = field(default_factory=dict)
    answer: Words = field(default_factory=dict)
    wrong: Words = field(default_factory=dict)
    correction: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Digest:
    survey: str
    months_ago: int
    action: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that is played."""

    organisation: list[House]
    staff: list[Colleague]
    theme: list[Topic]
    survey: list[Sheet]
    inbox: dict[str, list[str]]
    story: list[Story]
    verdicts: dict[str, list[str]]
    digest: list[Digest]
    remarks: list[Remark]
    deeds: list[Deed]


@cache
def script() -> Script:
    """All of it; pydantic.ValidationError names what is missing or of the wrong kind."""
    told = tomllib.loads((FOLDER / "stories.toml").read_text("utf-8"))
    told["remarks"] = sorted(
        _all("comments/*/*.toml", "comment"), key=lambda r: (-r["days_ago"], r["at"], r["key"])
    )
    told["deeds"] = list(_all("actions/*.toml", "action"))
    return TypeAdapter(Script).validate_python(told)


def _all(pattern: str, table: str) -> Iterator[dict[str, Any]]:
    for file in sorted(FOLDER.glob(pattern)):
        yield from tomllib.loads(file.read_text("utf-8"))[table]
