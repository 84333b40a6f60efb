"""A helper verb and a participle, and nobody who did it."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from triage.writing.page import Page
from triage.writing.people import names
from triage.writing.phrases import places
from triage.writing.rules import Rule

WORD = re.compile(r"[^\W\d_](?:[\w'-]*\w)?")
CLAUSE = re.compile(
    r"[,;:()–—]|\s(?=(?:als|indien|wanneer|tenzij|if|when|unless|zodra)\b)|\b(?:maar|omdat|want|dus|because|but|so|since|although|hoewel)\b"
)
SUPPOSING = {
    "als",
    "indien",
    "mocht",
    "mochten",
    "wanneer",
    "tenzij",
    "if",
    "when",
    "should",
    "unless",
    "whenever",
    "zodra",
    "once",
}
SHAPE = {
    "nl": re.compile(
        r"(?:aan|af|op|uit|door|in|mee|na|over|toe|terug|voor|weg|bij|neer|vast|om)?ge[a-zà-ÿ]{2,18}[dt]|(?:be|ver|ont|her)[a-zà-ÿ]{3,18}[dt]"
    ),
    "en": re.compile(r"[a-z]{3,18}ed"),
}
REACH = 14
"""So many words may stand between the helper and its participle."""
NEAR = 8
"""So far before a participle it is denied; after it something else is ("and does not stop any more")."""


def spans(page: Page, rule: Rule) -> Iterator[tuple[int, int]]:
    """At most one a sentence."""
    found = [*places(tuple(rule.more["phrases"]), page.language, page.said), *_pairs_of(page, rule)]
    named = list(names(page, sure=True)) if found else []
    for start, end in page.sentences:
        spans_here = (span for span in found if start <= span[0] < end)
        inside = next((span for span in spans_here if not _explained(page, rule, span, end)), None)
        if inside and not _somebody_did_it(page.said[start:end], rule, any(start <= n < end for n in named)):
            yield inside


def _explained(page: Page, rule: Rule, span: tuple[int, int], end: int) -> bool:
    """A clause after it says why, or it is what the reader said; the clause itself is read like any other."""
    reason, reported = rule.more["reason"], rule.more["reported"]
    start, _end = page.sentence(span[0])
    return bool(
        (reason and _pattern(reason).search(page.said[span[1] : end]))
        or (reported and _pattern(reported).search(page.said[start : span[0]]))
    )


def _pairs_of(page: Page, rule: Rule) -> Iterator[tuple[int, int]]:
    for start, end in page.sentences:
        yield from ((start + a, start + b) for a, b in _clauses(rule, page.said[start:end]))


def _clauses(rule: Rule, said: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in [*(m.start() for m in CLAUSE.finditer(said)), len(said)]:
        words = list(WORD.finditer(said, start, end))
        if words and words[0][0] not in SUPPOSING:
            yield from _pairs(rule, words)
        start = end + 1


def _pairs(rule: Rule, words: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
    helps = [w[0] in _set(rule, "helpers") or w[0].endswith("n't") for w in words]
    after = 2 if rule.language == "nl" else 0
    for n in range(len(words)):
        if _is_participle(rule, words, n):
            near = [
                h for h in range(max(0, n - REACH), min(n + after + 1, len(words))) if helps[h] and h != n
            ]
            if near and _evades(rule, words, n) and not _is_so(rule, words, h := near[-1], n):
                yield words[min(h, n)].start(), words[max(h, n)].end()


def _is_so(rule: Rule, words: list[re.Match[str]], h: int, n: int) -> bool:
    """It tells how things are, or what did not befall anybody."""
    return _may_be(words, h) or _usually(rule, words, h, n) or _harmless(rule, words, n)


def _usually(rule: Rule, words: list[re.Match[str]], h: int, n: int) -> bool:
    """ "Children are not charged", "your name is called twice now": how it goes, not what somebody once did."""
    if words[h][0] not in _set(rule, "present"):
        return False
    said = {w[0] for w in words[max(0, n - REACH) : n + REACH]}
    own = said & _set(rule, "own") and not said & _set(rule, "habit")
    return not own and "being" not in {w[0] for w in words[h:n]}


def _harmless(rule: Rule, words: list[re.Match[str]], n: int) -> bool:
    """ "No trains were cancelled", "nothing was taken": a harm that is denied. What helps and is denied was left undone."""
    return words[n][0] in _set(rule, "harm") and _denied(rule, [w[0] for w in words[max(0, n - NEAR) : n]])


def _may_be(words: list[re.Match[str]], h: int) -> bool:
    """Orders can be picked up until nine: that is an offer, and whoever wants to does it."""
    return words[h][0] == "be" and bool({w[0] for w in words[max(0, h - 2) : h]} & {"can", "may"})


def _is_participle(rule: Rule, words: list[re.Match[str]], n: int) -> bool:
    """A known one; or any, where it happened to what is the reader's, or "er" stands for nobody."""
    word, before = words[n][0], {w[0] for w in words[max(0, n - REACH) : n]}
    if word in _set(rule, "participles") or word in _set(rule, "happens"):
        return word not in _set(rule, "happens")
    whose = _set(rule, "own") | ({"er"} if rule.language == "nl" else set())
    return bool(before & whose and SHAPE[rule.language].fullmatch(word))


def _evades(rule: Rule, words: list[re.Match[str]], n: int) -> bool:
    """What was repaired may be told so; what went amiss, or happened by itself ("er werd"), may not.

    A thing may be moved or added by nobody ("the sign was moved"); what is the reader's own may not.
    """
    said = [w[0] for w in words[max(0, n - REACH) : n + REACH]]
    of_things = frozenset() if set(said) & _set(rule, "own") else _set(rule, "things")
    if words[n][0] not in _set(rule, "usual") | of_things:
        return True
    by_itself = rule.language == "nl" and "er" in said
    return _amiss(rule, words, n, said) or by_itself or "being" in said


def _amiss(rule: Rule, words: list[re.Match[str]], n: int, said: list[str]) -> bool:
    """It was not done, or done badly. What was broken or wrong may have been mended; "twice a week" is how often."""
    before = [w[0] for w in words[max(0, n - NEAR) : n]]
    refused = words[n][0] in _set(rule, "things") and set(before) & _set(rule, "to_come")
    if _denied(rule, before) and not refused:
        return True
    mended = _set(rule, "fault") if words[n][0] in _set(rule, "mends") else frozenset()
    often = {a for a, b in pairwise(said) if b in _set(rule, "how_often")}
    return bool(set(said) & (_set(rule, "amiss") - mended) - often)


def _denied(rule: Rule, before: list[str]) -> bool:
    return any(w in _set(rule, "denies") or w.endswith("n't") for w in before)


def _somebody_did_it(said: str, rule: Rule, named: bool) -> bool:
    if named or _pattern(rule.more["agent"]).search(said):
        return True
    spoken = [w[0] for w in WORD.finditer(said)]
    return bool(set(spoken) & _set(rule, "speaks")) and not _decided(rule, spoken)


def _decided(rule: Rule, spoken: list[str]) -> bool:
    """ "We regret that it was decided": who speaks is not who did it. "We found that …" hides nobody."""
    found = [n for n, word in enumerate(spoken) if word in _set(rule, "decided")]
    if rule.language == "nl":  # the helper stands on either side
        return bool(found)
    return any(set(spoken[max(0, n - 3) : n]) & _set(rule, "helpers") for n in found)


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){words}")


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _set(rule: Rule, name: str) -> frozenset[str]:
    return _words(rule.more[name])
