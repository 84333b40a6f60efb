"""What a comment is about, whatever its words: lists a topic, in each language, so that what was learned in one helps in another.

A list holds words and phrases. `lift*` begins a word, `*lift` ends one, `*lift*` stands anywhere in one (Dutch writes
compounds in one word), ` … ` lets up to three words in between.

Topics have a file each with their examples (`*.toml`). Beside them stand words that mean the same in both languages, a line
each (`words.tsv`): narrower, so that a Dutch pedal and an English one meet whatever the topic.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from core.text import word_keys

FOLDER = Path(__file__).parent
LANGUAGES = ("nl", "en")
BETWEEN = 3
START = 3
"""Letters by which a pattern is looked up."""
GAP = "…"


@dataclass(frozen=True, slots=True)
class Book:
    """The lists of a language: what each pattern says by itself, and which go on from it as a phrase."""

    alone: dict[str, list[str]] = field(default_factory=dict)
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    starts: dict[str, set[str]] = field(default_factory=dict)

    def add(self, concept: str, words: list[str]) -> None:
        for word in (one for one in words if one != GAP):
            self.starts.setdefault(word.strip("*")[:START], set()).add(word)
        if len(words) == 1:
            self.alone.setdefault(words[0], []).append(concept)
        else:
            self.phrases.setdefault(words[0], []).append((tuple(words[1:]), concept))


@lru_cache(maxsize=5_000)
def concepts(words: str, language: str) -> tuple[str, ...]:
    """Of words as they are compared in a search, in the order in which they were said; each once."""
    if language not in LANGUAGES:
        return ()
    fitting = [_fitting(word, language) for word in words.split()]
    return tuple(dict.fromkeys(_said(fitting, book(language))))


def concepts_of(text: str, language: str) -> tuple[str, ...]:
    return concepts(" ".join(word_keys(text)), language)


@cache
def topics() -> dict[str, dict[str, Any]]:
    """concept → its list and its examples, by language"""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        found |= tomllib.loads(file.read_text("utf-8"))
    return found


@cache
def book(language: str) -> Book:
    made = Book()
    for concept, phrases in _lists(language):
        for phrase in phrases.split(","):
            made.add(concept, re.findall(r"[\w*]+|…", phrase))
    return made


def _lists(language: str) -> Iterator[tuple[str, str]]:
    yield from ((concept, held[language]) for concept, held in topics().items())
    yield from ((f"word {n}", held[language]) for n, held in enumerate(alike()))


@cache
def alike() -> list[dict[str, str]]:
    """Words that mean the same, by language."""
    lines = (FOLDER / "words.tsv").read_text("utf-8").splitlines()
    return [dict(zip(LANGUAGES, line.split("\t"), strict=True)) for line in lines]


def _said(fitting: Sequence[frozenset[str]], lists: Book) -> Iterator[str]:
    for place, patterns in enumerate(fitting):
        for pattern in sorted(patterns):
            yield from lists.alone.get(pattern, ())
            yield from (c for rest, c in lists.phrases.get(pattern, ()) if _goes_on(rest, fitting, place + 1))


def _goes_on(rest: tuple[str, ...], fitting: Sequence[frozenset[str]], place: int) -> bool:
    if not rest:
        return True
    if rest[0] == GAP:
        return any(_goes_on(rest[1:], fitting, place + skipped) for skipped in range(BETWEEN + 1))
    return place < len(fitting) and rest[0] in fitting[place] and _goes_on(rest[1:], fitting, place + 1)


@lru_cache(maxsize=20_000)
def _fitting(word: str, language: str) -> frozenset[str]:
    """The patterns of this language that this word fits."""
    starts = book(language).starts
    return frozenset(
        pattern
        for place in range(len(word))
        for pattern in starts.get(word[place : place + START], ())
        if _fits(pattern, word, place)
    )


def _fits(pattern: str, word: str, place: int) -> bool:
    core = pattern.strip("*")
    return (
        word.startswith(core, place)
        and (not place or pattern.startswith("*"))
        and (place + len(core) == len(word) or pattern.endswith("*"))
    )
