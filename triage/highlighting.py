"""Where a comment holds what somebody looks for: the beginning of each word that was found, in an excerpt around the first."""

import re
from functools import lru_cache

from core.text import word_keys

EXCERPT = 400
BEFORE = 60
"""Characters that stand before the first hit, where it lies far in."""
_EDGE = re.compile(r"\s")
_WORDS = re.compile(r"((?:[^\W_][\u0300-\u036f]*)+)")


def pieces(text: str, q: str) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is a word that was looked for; between two of them all is one part."""
    sought, found, told = tuple(word_keys(q)), list[tuple[str, bool]](), 0
    for word in _WORDS.finditer(text) if sought else ():
        if any(key.startswith(sought) for key in _keys(word[0])):
            found += [(text[told : word.start()], False), (word[0], True)]
            told = word.end()
    return [part for part in (*found, (text[told:], False)) if part[0]]


@lru_cache(maxsize=10_000)
def _keys(word: str) -> list[str]:
    """A page holds a thousand words, most of them again."""
    return word_keys(word)


def excerpt(text: str, q: str = "") -> str:
    """So much of a comment as a list shows; from shortly before the first hit, where that would be cut off."""
    before = 0
    for part, hit in pieces(text, q) if len(text) > EXCERPT else []:
        if hit:
            break
        before += len(part)
    else:
        before = 0
    if before + BEFORE <= EXCERPT:
        return _whole_words(text, 0)
    return "… " + _whole_words(text, before - BEFORE)


def _whole_words(text: str, start: int) -> str:
    """No word is cut through, but one that fills it: half of a swear word would not be known for what it is."""
    end = start + EXCERPT
    begin = _EDGE.search(text, start, start + BEFORE) if start else None
    words = list(_EDGE.finditer(text, end - BEFORE, end)) if end < len(text) else []
    return text[begin.end() if begin else start : words[-1].end() if words else end]
