"""Read a text as a careful colleague would: what is vague, unsaid or unkind in it, why, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from babel.dates import format_date

from triage.writing.days import a_week_on
from triage.writing.finders import FINDERS, Found
from triage.writing.page import Page
from triage.writing.reasons import REASONS
from triage.writing.rules import Rule, rules

MOST = 40
"""Findings a text: whoever has more to mend starts with these."""
DAY = {"nl": "EEEE d MMMM", "en": "EEEE d MMMM"}

MANY = 200
"""Places that a rule looks at in one text."""
DUE_ON = "{due_on}"
"""In the words of an action: its day, as the reader writes it."""
SOMEBODY = {"nl": "[naam]", "en": "[name]"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` count characters; `fits`: `instead` can take the place of what stands there."""

    rule: str
    severity: str
    start: int
    end: int
    why: str
    instead: str
    fits: bool = False

    @property
    def blocks(self) -> bool:
        return self.severity == "error"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of the plan that the words are about."""

    kind: str = ""
    emotion: str = ""
    who: str = ""
    day: date | None = None
    mark: str = ""
    """What stands for the day in this text: {due_on}."""


def check(text: str, language: str, today: date, setting: Setting | None = None) -> list[Finding]:
    """In the order of the text; at most `MOST`."""
    setting = setting or Setting()
    page = Page(text, language, today, setting.kind, setting.emotion)
    found: list[tuple[Rule, Found]] = []
    for rule, one in sorted(_all(page), key=lambda pair: _rank(pair[1])):
        if not _said(page, one, found):
            found.append((rule, one))
    found.sort(key=lambda pair: (pair[1].start, pair[1].end))
    marks = {"{day}": _day(page, setting), "{who}": setting.who or SOMEBODY[language]} if found else {}
    return [
        _finding(page, rule, one, marks, exact=bool(setting.mark or setting.day))
        for rule, one in found[:MOST]
    ]


def _all(page: Page) -> list[tuple[Rule, Found]]:
    asked = [rule for rule in rules(page.language) if not rule.kinds or page.kind in rule.kinds]
    return [(rule, one) for rule in asked for one in _apart(islice(FINDERS[rule.finder](page, rule), MANY))]


def _apart(found: Iterable[Found]) -> list[Found]:
    """Of two that overlap, the one whose alternative fits, then the longer, then the graver."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (not f.fits, f.start - f.end, f.severity)):
        if not any(one.start < k.end and k.start < one.end for k in kept):
            kept.append(one)
    return kept


def _said(page: Page, one: Found, found: list[tuple[Rule, Found]]) -> bool:
    """Another rule, to which this one yields, said so already about this sentence; or about these very words."""
    if any(_covers(f, one) for _r, f in found if f.end - f.start < len(page.text.strip())):
        return True
    start, end = page.sentence(one.start)
    end = max(end, one.end)
    return any(
        start <= f.start < end and {r.name, f"{r.name}:{f.why}"} & set(one.yields_to) for r, f in found
    )


def _covers(found: Found, one: Found) -> bool:
    """It speaks of the same words, and no less gravely."""
    graver = one.severity == "error" != found.severity
    return found.start <= one.start < one.end <= found.end and not graver


def _rank(one: Found) -> int:
    """What yields comes after what it may yield to; the passive yields to some, and others yield to the passive."""
    return 2 if "passive" in one.yields_to else int(bool(one.yields_to))


def _finding(page: Page, rule: Rule, one: Found, marks: dict[str, str], *, exact: bool) -> Finding:
    """`exact`: the day is known, so an alternative that names it can be put in as it is."""
    instead = one.instead
    for mark, words in marks.items():
        instead = instead.replace(mark, words)
    if one.fits and page.text[one.start].isupper():
        instead = instead[:1].upper() + instead[1:]
    fits = one.fits and (exact or "{day}" not in one.instead)
    return Finding(rule.name, one.severity, one.start, one.end, str(REASONS[one.why]), instead, fits)


def _day(page: Page, setting: Setting) -> str:
    """The mark, else the day of the plan, else one as an example."""
    day = setting.day or a_week_on(page.today)
    return setting.mark or format_date(day, DAY[page.language], locale=page.language)
