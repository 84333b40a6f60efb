"""How a rule looks at a page: by its phrases, or by what is missing from a plan."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from triage.writing import passives
from triage.writing.days import is_background
from triage.writing.page import Page
from triage.writing.people import is_somebody_named, names
from triage.writing.phrases import places
from triage.writing.rules import Rule, Words

DENIED = {
    "nl": re.compile(r"(?:\b(?:niet|geen|nooit|noch|zonder|te|niemand|allerminst)\s(?:\S{1,20}\s){0,2})$"),
    "en": re.compile(
        r"(?:\b(?:not|no|never|n't|without|hardly|cannot|nor|nobody|too)\s|n't\s)(?:\S{1,20}\s){0,2}$"
    ),
}
NOT = {"nl": re.compile(r"\b(?:niet|geen|nooit)\b"), "en": re.compile(r"\b(?:not|never|no)\b|n't\b")}
REPORTED = {
    "nl": re.compile(r"\b(?:zeiden|zei|schreven|schreef|beloofden|beloofde|beloofd|gezegd|geschreven|toegezegd|vertelden|verteld|riepen|noemden|mailden|antwoordden|meldden|hadden|dachten)\b"),
    "en": re.compile(r"\b(?:said|wrote|promised|told|written|claimed|replied|answered|mailed|stated|thought|had)\b"),
}  # fmt: skip
WISHED = {
    "nl": re.compile(r"\b(?:liever|gewild|gehoopt|hoopte|hoopten|verwachtte|gewenst|wensten|graag (?:\S{1,20} ){0,4}(?:gebracht|gegeven|verteld|gezegd|gemeld|gedaan))\b"),
    "en": re.compile(r"\b(?:wish|wished|rather|hoped|hoping|expected|would have|could have|you(?:'d| would))\b"),
}  # fmt: skip
ASKED = {
    "nl": re.compile(
        r"\b(?:kunt|wilt|mag|moet|zou|zult|hoeft|wil|kun|kan|zoekt|belt|komt|stuurt) (?:u|je)\b|\b(?:u|je) (?:kunt|wilt|mag|moet|hoeft|zou|kan|wil|kwam|wilde|vroeg)\b|^(?:bel|mail|schrijf|laat|kom|stuur|geef|vul|neem|kijk|lees|vraag|meld|breng|haal|gebruik|probeer|vertel|reageer|zeg|wacht|houd|bestel|kies|druk|klik|volg|scan|toon|ga|zet|check)\b|\balstublieft\b|\bgraag (?:zo|van u)\b"
    ),
    "en": re.compile(
        r"\bplease (?!bear|be assured|rest|note|know|accept|don't)\b|\byou (?:can|could|may|might|should|want|wanted|need|asked|wish)\b|\b(?:can|could|would|will|may|do) you\b|\bwe (?:ask|advise) (?:you|everybody|everyone|all)\b|^(?:call|mail|write|let|come|send|give|fill|contact|look|read|ask|bring|use|try|tell|reply|feel free|visit|ring|drop|check|phone|email|pop|get|speak|wait|keep|take|sign|order|choose|press|click|follow|scan|show|see|go)\b"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """Where, and why: a key of `reasons`."""

    start: int
    end: int
    why: str
    instead: str
    severity: str
    fits: bool = False
    yields_to: tuple[str, ...] = ()
    """`rule`, or `rule:why`: what these found in the same sentence is not said again."""


PARTING = {
    "nl": re.compile(r"(?!)"),
    "en": re.compile(r"\b(?:see|seeing|welcome|welcoming|serve|serving|greet|meet) you\b"),
}


def by_words(page: Page, rule: Rule) -> Iterator[Found]:
    for words in rule.words:
        if not words.emotions or page.emotion in words.emotions:
            yield from _matches(page, rule, words)


def _matches(page: Page, rule: Rule, words: Words) -> Iterator[Found]:
    until = page.opening if words.first else len(page.said)
    for start, end in places(words.phrases, page.language, page.said[:until]):
        if not any(UNLESS[name](page, start, end) for name in words.unless):
            yield Found(
                start,
                end,
                words.why,
                words.instead,
                words.severity or rule.severity,
                words.fits,
                words.yields_to,
            )


def _dated(page: Page, start: int, _end: int) -> bool:
    """A day to come, in this sentence or the next."""
    first, last = page.after(page.sentence(start))
    return any(first <= day.start < last and not day.past for day in page.days)


def _asked(page: Page, start: int, _end: int) -> bool:
    """It is the reader who is asked to do something."""
    first, last = page.sentence(start)
    return bool(ASKED[page.language].search(page.said[first:last]))


def _denied(page: Page, start: int, end: int) -> bool:
    first, _last = page.sentence(start)
    return bool(
        DENIED[page.language].search(page.said[first:start])
        or NOT[page.language].search(page.said[start:end])
    )


def _reported(page: Page, start: int, _end: int) -> bool:
    first, _last = page.sentence(start)
    return bool(REPORTED[page.language].search(page.said[first:start]))


def _wished(page: Page, start: int, end: int) -> bool:
    """What we would rather have said, or what they would."""
    first, last = page.sentence(start)
    return bool(WISHED[page.language].search(page.said[first:start] + " " + page.said[end:last]))


def _parting(page: Page, start: int, _end: int) -> bool:
    """Hoping to see somebody again soon is how letters end, and promises nothing."""
    first, last = page.sentence(start)
    return bool(PARTING[page.language].search(page.said[first:last]))


THEIRS = {
    "nl": re.compile(r"(?!)"),
    "en": re.compile(
        r"\b(?:you|people|customers|passengers|patients|tenants|residents|visitors|guests|parents|members|others) "
        r"(?:also |all |often |then )?(?:asked|wrote|said|wondered|suggested|hoped|wanted)\b(?:(?!\b(?:and|but|so)\b)[^,;:]){0,120}$"
    ),
}


def _theirs(page: Page, start: int, _end: int) -> bool:
    """What they asked of us, as they said it; after "and we" it is ours again."""
    first, _last = page.sentence(start)
    return bool(THEIRS[page.language].search(page.said[first:start]))


def _named(page: Page, start: int, _end: int) -> bool:
    """A person's name in the same sentence."""
    first, last = page.sentence(start)
    return any(first <= place < last for place in names(page, sure=True))


UNLESS: dict[str, Callable[[Page, int, int], bool]] = {
    "day": _dated, "asked": _asked, "denied": _denied, "reported": _reported, "wished": _wished, "parting": _parting,
    "theirs": _theirs, "named": _named,
}  # fmt: skip


def nobody(page: Page, rule: Rule) -> Iterator[Found]:
    if page.said.strip() and not is_somebody_named(page):
        yield _all(page, rule)


def no_date(page: Page, rule: Rule) -> Iterator[Found]:
    named = [day for day in page.days if not (day.past and is_background(page.said, page.language, day))]
    if page.said.strip() and not named:
        yield _all(page, rule)


def past_date(page: Page, rule: Rule) -> Iterator[Found]:
    """Only when no day in it is still to come: what went before may be told in a plan."""
    if all(day.past for day in page.days):
        yield from (
            Found(d.start, d.end, rule.why, rule.instead, rule.severity, fits=True)
            for d in page.days
            if not is_background(page.said, page.language, d)
        )


def passive(page: Page, rule: Rule) -> Iterator[Found]:
    yield from (
        Found(*span, rule.why, rule.instead, rule.severity, yields_to=rule.yields_to)
        for span in passives.spans(page, rule)
    )


def _all(page: Page, rule: Rule) -> Found:
    start = len(page.text) - len(page.text.lstrip())
    end = start + len(page.text.strip())
    return Found(start, end, rule.why, rule.instead, rule.severity, yields_to=rule.yields_to)


FINDERS: dict[str, Callable[[Page, Rule], Iterator[Found]]] = {
    "words": by_words, "nobody": nobody, "no_date": no_date, "past_date": past_date, "passive": passive,
}  # fmt: skip
