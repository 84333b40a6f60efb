"""Is somebody named? A person's name as Dutch and English write it, or the writer: "ik", "I"."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from triage.writing.page import Page

WORD = re.compile(r"[^\W\d_](?:[\w'-]*\w)?")
BETWEEN_NAMES = {
    "de",
    "van",
    "der",
    "den",
    "het",
    "ten",
    "ter",
    "te",
    "el",
    "al",
    "bin",
    "von",
    "o'",
    "la",
    "le",
    "del",
}
PLACE = {"in", "te", "naar", "uit", "near", "bij", "at", "to", "from", "rond", "tussen", "richting", "langs", "outside", "around", "station", "locatie", "vestiging", "filiaal"}  # fmt: skip
VERB = {
    "nl": re.compile(
        r"[a-zà-ÿ]{2,20}t|is|zal|kan|mag|wil|komt|haalt|zorgt|heeft|zou|moet|zet|laat|meet|neemt|en\b"
    ),
    "en": re.compile(r"[a-z]{2,20}s|will|has|can|shall|is|and|'ll|would|from"),
}
SURE = re.compile(r"\b(?:[Ii]k|mijzelf|ikzelf)\b|(?<!\w)I(?!\w)(?![.]\w)")


@cache
def listed(name: str) -> frozenset[str]:
    """first_names; no_names: what has a capital and is nobody; openers: what a sentence begins with."""
    return frozenset((Path(__file__).parent / f"{name}.txt").read_text("utf-8").split())


def is_somebody_named(page: Page) -> bool:
    return bool(SURE.search(page.own)) or any(True for _place in names(page))


def names(page: Page, *, sure: bool = False) -> Iterator[int]:
    """Where a person's name begins; `sure`: an unknown word that opens a sentence is no name."""
    words = list(WORD.finditer(page.own))
    starts = {start for start, _end in page.sentences}
    for n, word in enumerate(words):
        first = word.start() in starts
        if (
            word[0][0].isupper()
            and not (sure and first and word[0].lower() not in listed("first_names"))
            and _is_name(page, words, n, first=first)
        ):
            yield word.start()


def _is_name(page: Page, words: list[re.Match[str]], n: int, *, first: bool) -> bool:
    low = words[n][0].lower().removesuffix("'s")
    if (
        low in listed("no_names")
        or low.removesuffix("s") in listed("no_names")
        or (words[n][0].isupper() and len(words[n][0]) > 1)
    ):
        return False
    if low in listed("first_names") or (low.endswith("s") and low[:-1] in listed("first_names")):
        return True
    if first or page.own[: words[n].start()].rstrip().endswith((":", "-", "•", "*")):
        return low not in listed("openers") and _acts(page, words, n)
    return not n or (words[n - 1][0].lower() not in PLACE and not _names_a_thing(words, n))


def _acts(page: Page, words: list[re.Match[str]], n: int) -> bool:
    """An unknown word that opens the sentence: followed by a family name, or by what somebody does."""
    following = words[n + 1 : n + 4]
    if not following:
        return False
    family = next((w for w in following if w[0].lower() not in BETWEEN_NAMES), following[0])
    if family[0][0].isupper() and family[0].lower() not in listed("no_names"):
        return True
    return bool(VERB[page.language].fullmatch(following[0][0]))


def _names_a_thing(words: list[re.Match[str]], n: int) -> bool:
    """ "de Albert Heijn", "het Vondelpark", "the Thames": an article before it, and no family name."""
    return words[n - 1][0].lower() in {"de", "het", "een", "the", "a", "an"} and not (
        n > 1 and words[n - 2][0][0].isupper()
    )
