"""The small language in which rules are written, as regular expressions that cannot run away.

A space is any blank; ` … ` lets up to five words in between; `(a|b)` either, `(a )?` perhaps, `{we}` is a word
list of `LISTS`. Everything is bounded: no text of any length is slow.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

BLANK = r"(?:\s{1,3})"
BETWEEN = r"(?:\s{1,3}[^\s.!?;:]{1,40}){0,5}?\s{1,3}"
LISTS = {
    "nl": {
        "we": "(?:we|wij|ik)",
        "us": "(?:ons|mij|me)",
        "our": "(?:ons|onze|mijn)",
        "will": "(?:gaan|ga|zullen|zal|willen|wil|kunnen|kan|moeten|blijven|blijf)",
        "you": "(?:u|je|jou|jullie)",
        "so": "(?:zo|zo'n)",
        "it": "(?:het|dit|dat|er|deze zaak|uw (?:klacht|vraag|melding|opmerking|feedback|verzoek|zaak|probleem))",
        "thing": "(?:het|dit|dat|deze|uw|je|de|zo'n)",
    },
    "en": {
        "we": "(?:we|i)",
        "will": "(?:will|shall|(?:are|am) going to|are|am|hope to|intend to|plan to|aim to|want to)",
        "us": "(?:us|me)",
        "our": "(?:our|my)",
        "ll": "(?:'ll| will| shall|'re going to| are going to|'m going to| am going to)",
        "be": "(?:'re| are|'m| am|'ll be| will be)",
        "it": "(?:it|this|that|the (?:matter|issue|problem|situation)|your (?:complaint|request|feedback|question|comments?|case|message|report|suggestion|concerns?))",
    },
}  # fmt: skip


START = re.compile(r"(?<!\w)\w|'(?=\w)")
LETTERS = re.compile(r"[\w']")
ANY = ""
"""In place of a first letter: it may be anything."""


NAMED = re.compile(r"^\?(?::|P<\w+>)")
INSIDE = re.compile(r"\w\w")
DIGITS = frozenset("0123456789")


@lru_cache(maxsize=2)
def _starts(text: str) -> list[tuple[str, int]]:
    """(letter, place) of each word; some twenty tables ask it of the same text."""
    return [(start[0], start.start()) for start in START.finditer(text)]


class Table:
    """Expressions by the letter that they begin with: each word of a text meets only a few of hundreds."""

    def __init__(self, expressions: Iterable[str]) -> None:
        listed = [(one, first_letters(one)) for e in expressions for one in _alternatives(e)]
        letters = frozenset[str]().union(*(letters for _e, letters in listed))
        self.patterns = {
            letter: re.compile(rf"(?:{'|'.join(e for e, begins in listed if letter in begins)})(?!\w)")
            for letter in letters
        }

    def places(self, text: str) -> Iterator[re.Match[str]]:
        """Wherever one of them stands as whole words; they may overlap."""
        for letter, place in _starts(text):
            pattern = self.patterns.get(letter)
            if pattern and (found := pattern.match(text, place)):
                yield found
        if ANY in self.patterns:
            anywhere = self.patterns[ANY].finditer(text)
            yield from (m for m in anywhere if not (m.start() and INSIDE.match(text, m.start() - 1)))


def places(phrases: tuple[str, ...], language: str, text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each, without the blanks that what is left out leaves around it."""
    for found in _table(phrases, language).places(text):
        start, end = found.span()
        yield start + len(found[0]) - len(found[0].lstrip()), end - len(found[0]) + len(found[0].rstrip())


@cache
def _table(phrases: tuple[str, ...], language: str) -> Table:
    return Table(expression(phrase, language) for phrase in phrases)


def expression(phrase: str, language: str) -> str:
    for name, words in LISTS[language].items():
        phrase = phrase.replace(f"{{{name}}}", words)
    phrase = re.sub(r"\((?!\?)", "(?:", phrase)
    return phrase.replace(" … ", BETWEEN).replace(" ", BLANK)


@cache
def first_letters(expression: str) -> frozenset[str]:
    """What a match can begin with."""
    return frozenset().union(*(_first(one) for one in _alternatives(expression)))


def _first(expression: str) -> frozenset[str]:
    if expression.startswith("\\d"):
        return DIGITS
    if not expression.startswith("("):
        letter, rest = expression[:1], expression[1:]
        if not LETTERS.fullmatch(letter):
            return frozenset({ANY})
    else:
        group, rest = _group(expression)
        if group.startswith(("?!", "?=", "?<")):
            return _first(rest)
        letters = first_letters(NAMED.sub("", group))
        return letters | (_first(rest[1:]) if rest[:1] in {"?", "*"} else frozenset())
    return frozenset({letter}) | (_first(rest[1:]) if rest[:1] in {"?", "*"} else frozenset())


def _group(expression: str) -> tuple[str, str]:
    """(what is in the brackets it begins with, what follows them)"""
    depth = 0
    for n, character in enumerate(expression):
        depth += (character == "(") - (character == ")")
        if not depth:
            return expression[1:n], expression[n + 1 :]
    raise ValueError(expression)


def _alternatives(expression: str) -> list[str]:
    """Its parts between bars that stand in no brackets."""
    depth, parts = 0, [""]
    for character in expression:
        depth += (character == "(") - (character == ")")
        if character == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts
