"""The rules, each from a file of its own in `rules/`: `<rule>.<language>.toml`."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "rules"
ORDER = ("vague", "nobody", "no_date", "past_date", "jargon", "passive", "cheer", "opening")
"""Rules that are not named here come last."""


@dataclass(frozen=True)
class Words:
    """Phrases that share a reason, and when they do no harm."""

    phrases: tuple[str, ...]
    why: str
    instead: str = ""
    fits: bool = False
    """The alternative can stand in the place of the phrase, as it is."""
    severity: str = ""
    unless: tuple[str, ...] = ()
    emotions: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    first: bool = False
    """Only in the first sentence."""


@dataclass(frozen=True)
class Rule:
    name: str
    language: str
    severity: str
    finder: str = "words"
    kinds: tuple[str, ...] = ()
    """Of action; none: always."""
    yields_to: tuple[str, ...] = ()
    """What these found in the same sentence is not said again."""
    why: str = ""
    instead: str = ""
    words: tuple[Words, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
    """What only its finder reads."""
    examples: dict[str, list[Any]] = field(default_factory=dict)


@cache
def rules(language: str) -> tuple[Rule, ...]:
    found = [_read(file, language) for file in sorted(FOLDER.glob(f"*.{language}.toml"))]
    return tuple(sorted(found, key=lambda r: ORDER.index(r.name) if r.name in ORDER else len(ORDER)))


def _read(file: Path, language: str) -> Rule:
    held = tomllib.loads(file.read_text("utf-8"))
    words = tuple(Words(**_frozen(block)) for block in held.pop("words", ()))
    known = {name: held.pop(name) for name in list(held) if name in Rule.__dataclass_fields__}
    return Rule(name=file.name.split(".")[0], language=language, words=words, more=held, **_frozen(known))


def _frozen(held: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in held.items()}
