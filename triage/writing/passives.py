"""A helper verb and a participle, and nobody who did it."""

import re
from collections.abc import Iterator
from functools import cache

from triage.writing.page import Page
from triage.writing.people import names
from triage.writing.phrases import places
from triage.writing.rules import Rule

WORD = re.compile(r"[^\W\d_](?:[\w'-]*\w)?")
CLAUSE = re.compile(r"[,;:()–—]|\s(?=(?:als|indien|wanneer|tenzij|if|when|unless|zodra)\b)|\b(?:maar|omdat|want|dus|because|but|so|since|although|hoewel)\b")
SUPPOSING = {"als", "indien", "mocht", "mochten", "wanneer", "tenzij", "if", "when", "should", "unless", "whenever", "zodra", "once"}
SHAPE = {
    "nl": re.compile(r"(?:aan|af|op|uit|door|in|mee|na|over|toe|terug|voor|weg|bij|neer|vast|om)?ge[a-zà-ÿ]{2,18}[dt]|(?:be|ver|ont|her)[a-zà-ÿ]{3,18}[dt]"),
    "en": re.compile(r"[a-z]{3,18}ed"),
}
REACH = 14
"""So many words may stand between the helper and its participle."""


def spans(page: Page, rule: Rule) -> Iterator[tuple[int, int]]:
    """At most one a sentence."""
    for start, end in page.sentences:
        found = next(_in(page, rule, start, end), None)
        if found and not _somebody_did_it(page, rule, start, end):
            yield found


def _in(page: Page, rule: Rule, start: int, end: int) -> Iterator[tuple[int, int]]:
    said = page.said[start:end]
    fixed = tuple(rule.more["phrases"])
    yield from ((start + a, start + b) for a, b in places(fixed, page.language, said))
    yield from ((start + a, start + b) for a, b in _clauses(rule, said))


def _clauses(rule: Rule, said: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in [*(m.start() for m in CLAUSE.finditer(said)), len(said)]:
        words = list(WORD.finditer(said, start, end))
        if words and words[0][0] not in SUPPOSING:
            yield from _pairs(rule, words)
        start = end + 1


def _pairs(rule: Rule, words: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    helpers = [n for n, w in enumerate(words) if w[0] in _set(rule, "helpers") or w[0].endswith("n't")]
    for n, word in enumerate(words):
        if _is_participle(rule, words, n):
            near = [h for h in helpers if 0 < n - h <= REACH or (h - n in (1, 2) and rule.language == "nl")]
            if near and _evades(rule, words, n):
                h = near[-1]
                yield words[min(h, n)].start(), words[max(h, n)].end()


def _is_participle(rule: Rule, words: list[re.Match[str]], n: int) -> bool:
    """A known one; or any, where it happened to what is the reader's, or "er" stands for nobody."""
    word, before = words[n][0], {w[0] for w in words[:n]}
    if word in _set(rule, "participles") or word in _set(rule, "happens"):
        return word not in _set(rule, "happens")
    whose = _set(rule, "own") | ({"er"} if rule.language == "nl" else set())
    return bool(before & whose and SHAPE[rule.language].fullmatch(word))


def _evades(rule: Rule, words: list[re.Match[str]], n: int) -> bool:
    """What was repaired may be told so; what went amiss, or happened by itself ("er werd"), may not."""
    said = [w[0] for w in words]
    if words[n][0] not in _set(rule, "usual"):
        return True
    amiss = any(w in _set(rule, "amiss") or w.endswith("n't") for w in said)
    by_itself = rule.language == "nl" and "er" in said[: n + 1]
    return amiss or by_itself or "being" in said


def _somebody_did_it(page: Page, rule: Rule, start: int, end: int) -> bool:
    said = page.said[start:end]
    if _agent(rule.more["agent"]).search(said) or any(start <= place < end for place in names(page, sure=True)):
        return True
    spoken = [w[0] for w in WORD.finditer(said)]
    return bool(set(spoken) & _set(rule, "speaks")) and not set(spoken) & _set(rule, "decided")


@cache
def _agent(agent: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){agent}")


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _set(rule: Rule, name: str) -> frozenset[str]:
    return _words(rule.more[name])
