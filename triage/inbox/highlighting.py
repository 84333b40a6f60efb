"""Where a comment holds what somebody looks for: the beginning of each word that was found, in an excerpt around the first."""

import re
from collections.abc import Iterator
from functools import lru_cache

from core.text import word_keys

EXCERPT = 400
BEFORE = 60
"""Characters that stand before the first hit, where it lies far in."""
_EDGE = re.compile(r"\s")
_WORDS = re.compile(r"((?:[^\W_][\u0300-\u036f]*)+)")


def pieces(text: str, q: str) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is a word that was looked for; between two of them all is one part."""
    found, told = list[tuple[str, bool]](), 0
    for word in _hits(text, q):
        found += [(text[told : word.start()], False), (word[0], True)]
        told = word.end()
    return [part for part in (*found, (text[told:], False)) if part[0]]


def _hits(text: str, q: str) -> Iterator[re.Match[str]]:
    """The words of a text that were looked for. Most texts hold no accent: there one pattern finds them."""
    sought = _sought(q)
    if not sought:
        return iter(())
    if text.isascii():
        return _beginning(sought).finditer(text)
    return (word for word in _WORDS.finditer(text) if any(key.startswith(sought) for key in _keys(word[0])))


@lru_cache(maxsize=100)
def _sought(q: str) -> tuple[str, ...]:
    return tuple(word_keys(q))


@lru_cache(maxsize=100)
def _beginning(sought: tuple[str, ...]) -> re.Pattern[str]:
    """Without case by ASCII's own rule: by that of Unicode a Kelvin sign is a k."""
    words = "|".join(re.escape(word) for word in sought)
    return re.compile(rf"(?<![A-Za-z0-9])(?:{words})[A-Za-z0-9]*", re.IGNORECASE | re.ASCII)


@lru_cache(maxsize=10_000)
def _keys(word: str) -> list[str]:
    """A page holds a thousand words, most of them again."""
    return word_keys(word)


def excerpt(text: str, q: str = "") -> str:
    """So much of a comment as a list shows; from shortly before the first hit, where that would be cut off."""
    if len(text) <= EXCERPT:
        return text
    first = next(_hits(text, q), None)
    before = first.start() if first else 0
    if before + BEFORE <= EXCERPT:
        return _whole_words(text, 0)
    return "… " + _whole_words(text, before - BEFORE)


def _whole_words(text: str, start: int) -> str:
    """No word is cut through, but one that fills it: half of a swear word would not be known for what it is."""
    end = start + EXCERPT
    begin = _EDGE.search(text, start, start + BEFORE) if start else None
    words = list(_EDGE.finditer(text, end - BEFORE, end)) if end < len(text) else []
    return text[begin.end() if begin else start : words[-1].end() if words else end]
