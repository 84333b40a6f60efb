"""What somebody who looks after an installation should know: how one thing is, and what to do about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

STATES = ("ok", "attention", "broken", "unknown")


@dataclass(frozen=True, slots=True)
class Finding:
    """`words` say how it is; `remedy` what to do, where there is something to do. Only what is broken ends the doctor with 1."""

    name: str
    state: str
    words: str
    remedy: str = ""


Check = Callable[[datetime], Iterator[Finding]]
"""Looks at one thing, writes nothing, and never raises for what it finds."""


def ok(name: str, words: str) -> Finding:
    return Finding(name, "ok", words)


def attention(name: str, words: str, remedy: str) -> Finding:
    return Finding(name, "attention", words, remedy)


def broken(name: str, words: str, remedy: str) -> Finding:
    return Finding(name, "broken", words, remedy)


def unknown(name: str, why: str, remedy: str = "") -> Finding:
    return Finding(name, "unknown", why, remedy)
