"""Swearing stands masked before staff, first letter and stars, until they choose to see it. What was typed is never changed.

Every character keeps its place, so that a masked text can be cut and searched like the text itself.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("nl", "en")
"""Both are looked for in every text: people swear in either, whatever they wrote in."""
HERE = Path(__file__).parent
_HIDDEN = "\u00ad\u200b-\u200d\u2060\u0300-\u036f"
_WORD = re.compile(rf"[^\W_][\w{_HIDDEN}]*|[$@][\w{_HIDDEN}]+")
_SPELT = re.compile(r"(?<!\w)[^\W\d_](?:[ .*_-]{1,2}[^\W\d_]){2,11}(?!\w)")
_NOT_PLAIN = re.compile(r"[^a-z]|(.)\1\1")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_AS_LETTERS = tuple(str.maketrans("0134@$", f"o{one}eaas") for one in "il")
_COMPOUND = 3
"""Letters that follow the beginning of a compound, at least."""


@dataclass(frozen=True)
class Lists:
    words: frozenset[str]
    starts: tuple[str, ...]
    unless: frozenset[str]
    unless_starts: tuple[str, ...]
    phrases: re.Pattern[str]
    cues: frozenset[str]
    """Words that are masked in phrases only: where there is none, no phrase is looked for."""


def read(language: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"swearing.{language}.toml").read_text("utf-8"))


@cache
def lists() -> Lists:
    both = [read(language) for language in LANGUAGES]
    of = {
        name: [w for held in both for w in held[name]]
        for name in ("words", "starts", "unless", "unless_starts")
    }
    phrases = [p for held in both for p in held["phrases"]]
    anyone = "|".join(f"(?:{p})" for p in phrases).replace(" ", r"\s{1,3}")
    return Lists(
        frozenset(of["words"]), tuple(of["starts"]), frozenset(of["unless"]), tuple(of["unless_starts"]),
        re.compile(anyone, re.IGNORECASE), frozenset(word for p in phrases for word in _cues(p)),
    )  # fmt: skip


def _cues(phrase: str) -> Iterator[str]:
    """The words in its brackets, also as many: `(eikels?|teef)`."""
    for word in "|".join(re.findall(r"\(([a-z'|?]+)\)s?", phrase)).split("|"):
        yield word.replace("s?", "")
        yield f"{word.replace('s?', '')}s"


def shielded(text: str) -> str:
    """The text with each swear word as its first letter and stars."""
    masked = list(spans(text))
    if not masked:
        return text
    characters = list(text)
    for start, end in masked:
        for n in range(start + 1, end):
            if not text[n].isspace() and text[n] not in ".-_":
                characters[n] = "*"
    return "".join(characters)


def swears(text: str) -> bool:
    return next(spans(text), None) is not None


def spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each swear word."""
    cued, cues = False, lists().cues
    for word in _WORD.finditer(text):
        plain = word[0].lower()
        if is_swearing(plain):
            yield word.span()
        cued = cued or plain in cues
    for spelt in _SPELT.finditer(text):
        if "".join(filter(str.isalpha, spelt[0])).lower() in lists().words:
            yield spelt.span()
    for phrase in lists().phrases.finditer(text) if cued else ():
        yield phrase.span(phrase.lastindex or 0)


@lru_cache(maxsize=10_000)
def is_swearing(word: str) -> bool:
    """A word in small letters; also one that is drawn out, or has signs for letters. A page holds a thousand, most of them again."""
    if not _NOT_PLAIN.search(word):
        return _is_listed(word)
    return any(_is_listed(reading) for reading in _readings(word))


def _readings(word: str) -> Iterator[str]:
    for letters in _AS_LETTERS:
        bare = "".join(c for c in unicodedata.normalize("NFKD", word.translate(letters)) if c.isalpha())
        yield from (_DRAWN_OUT.sub(short, bare) for short in (r"\1", r"\1\1"))


def _is_listed(word: str) -> bool:
    known = lists()
    if word in known.words:
        return True
    if not word.startswith(known.starts) or word in known.unless or word.startswith(known.unless_starts):
        return False
    begun = next(s for s in known.starts if word.startswith(s))
    return len(word) == len(begun) or len(word) >= len(begun) + _COMPOUND
