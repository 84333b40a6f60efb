"""The days that a text names, in Dutch and English, in words and in figures, counted from today."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from triage.writing.phrases import Table

MONTHS = {
    "nl": ("januari jan", "februari feb", "maart mrt", "april apr", "mei", "juni jun", "juli jul", "augustus aug",
           "september sept sep", "oktober okt", "november nov", "december dec"),
    "en": ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
           "september sept sep", "october oct", "november nov", "december dec"),
}  # fmt: skip
NUMBERS = {
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
}  # fmt: skip
ORDINALS = {
    "nl": "nulde eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende vijftiende zestiende zeventiende achttiende negentiende twintigste eenentwintigste tweeëntwintigste drieëntwintigste vierentwintigste vijfentwintigste zesentwintigste zevenentwintigste achtentwintigste negenentwintigste dertigste eenendertigste",
    "en": "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first",
}  # fmt: skip
MANY = 100
"""Days of one kind that are read in one text."""
HALF_A_YEAR = 183
"""A day without a year is the nearest: 3 November is past on the 25th, 15 January is to come."""


@dataclass(frozen=True, slots=True)
class Day:
    """`on`: the last day it can mean; None where only its direction is known. `past`: it has gone by."""

    start: int
    end: int
    past: bool
    on: date | None = None


def _names(language: str) -> dict[str, int]:
    return {name: n for n, names in enumerate(MONTHS[language], 1) for name in names.split()}


def _listed(words: str) -> dict[str, int]:
    return {word: n for n, word in enumerate(words.split())}


MONTH = {language: "|".join(sorted(_names(language), key=len, reverse=True)) for language in MONTHS}
FIGURE = {language: r"\d{1,3}|" + "|".join(reversed(words.split())) for language, words in NUMBERS.items()}
FIGURE = {"nl": FIGURE["nl"] + "|één|anderhalve|een paar werkuren", "en": FIGURE["en"] + "|an|a"}
NTH = {
    language: "|".join(sorted(words.split(), key=len, reverse=True)) for language, words in ORDINALS.items()
}

NUMERIC = Table(
    [
        r"(?<![\w./-])(?:(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<d2>\d{1,2})(?P<s>[-/.])(?P<m2>\d{1,2})(?P=s)(?P<y2>20\d\d|\d\d))(?![\w/-])",
        r"(?:(?<=op )|(?<=vóór )|(?<=voor )|(?<=uiterlijk )|(?<=tot )|(?<=vanaf )|(?<=per )|(?<=on )|(?<=by )|(?<=before )|(?<=until )|(?<=from )|(?<=dag ))(?P<d3>\d{1,2})[-/](?P<m3>\d{1,2})(?![\w/-])",
    ]
)
WRITTEN = {
    "nl": Table([rf"(?P<d>\d{{1,2}}|{NTH['nl']})(?:e|ste|de)?\s(?:van\s)?(?P<m>{MONTH['nl']})\b\.?(?:\s(?P<y>20\d\d)\b)?"]),
    "en": Table([
        rf"(?P<d>\d{{1,2}}|{NTH['en']})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m>{MONTH['en']})\b\.?(?:,?\s(?P<y>20\d\d)\b)?",
        rf"(?P<m2>{MONTH['en']})\.?\s(?:the\s)?(?P<d2>\d{{1,2}}|{NTH['en']})(?:st|nd|rd|th)?\b(?!:)(?:,?\s(?P<y2>20\d\d)\b)?"
    ]),
}  # fmt: skip
BY_MONTH = {
    "nl": Table([rf"(?:in|vanaf|voor|vóór|tot|per|eind|begin|half|medio|halverwege|van|(?:in de )?loop van|sinds)\s(?:de maand\s)?(?P<m>{MONTH['nl']})\b(?:\s(?P<y>20\d\d)\b)?"]),
    "en": Table([rf"(?:in|from|by|before|until|of|late|early|mid|mid-|during|since|end of)[\s-]?(?:the month of\s)?(?P<m>{MONTH['en']})\b(?!\s(?:be|have|not|i|we|you)\b)(?:,?\s(?P<y>20\d\d)\b)?"]),
}  # fmt: skip
WEEK = {
    "nl": r"maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
    "en": r"monday|tuesday|wednesday|thursday|friday|saturday|sunday",
}
DAY_OF = {
    "nl": re.compile(rf"\b(?:{WEEK['nl']}|ma|di|wo|do|vr|za|zo)\.?,?\s(?:de\s)?$"),
    "en": re.compile(rf"\b(?:{WEEK['en']}|mon|tues?|wed|thu(?:rs)?|fri|sat|sun)\.?,?\s(?:the\s)?$"),
}
"""Stands before a date and belongs to it."""
UNIT = {
    "nl": r"(?:werk)?(?:dag(?:en)?|uur|uren|weken|week|maanden|maand)|etmaal|kwartier|minuten|minuut",
    "en": r"(?:(?:working|business|calendar)\s)?(?:days?|hours?|weeks?|months?|minutes?|fortnight)",
}
PAST = {
    "nl": Table([
        r"(?:eer)?gisteren\b(?:avond|middag|ochtend)?|gister(?:avond|middag|ochtend)\b",
        rf"(?:vorige|vorig|afgelopen|voorbije|jongstleden|laatste)\s(?:{WEEK['nl']}|week(?:\s(?:{WEEK['nl']}))?|maand|weekend|zomer|winter|voorjaar|najaar|jaar)\b",
        rf"(?:{WEEK['nl']})\s(?:jl|jongstleden|geleden)\b|(?:{FIGURE['nl']}|enkele|een paar|paar)\s(?:{UNIT['nl']}|jaar)\sgeleden\b"
    ]),
    "en": Table([
        rf"yesterday\b|(?:last|past|previous)\s(?:{WEEK['en']}|week(?:'s\s(?:{WEEK['en']}))?|month|weekend|summer|winter|spring|autumn|year|night)\b",
        rf"(?:{FIGURE['en']}|few|several)\s(?:{UNIT['en']}|years?)\sago\b"
    ]),
}  # fmt: skip
AHEAD = {
    "nl": Table([
        r"(?:vandaag|vanmiddag|vanavond|vanochtend|vanmorgen|vannacht|overmorgen|morgen(?:ochtend|middag|avond|vroeg)?)\b",
        r"(?:deze|volgende|komende|aankomende|aanstaande|eerstvolgende)\s(?:week|maand|werkdag|weekend)\b(?!s)|dit\sweekend\b",
        rf"(?:{WEEK['nl']})(?:ochtend|middag|avond|nacht|morgen)?\b(?!en)",
        rf"(?:binnen|over|in|na)\s(?:uiterlijk\s|hoogstens\s|maximaal\s)?(?:{FIGURE['nl']})\s(?:{UNIT['nl']})\b",
        rf"binnen\s(?:de\s)?(?:{FIGURE['nl']}|een)\s(?:{UNIT['nl']})\b",
        r"(?:eind|begin|einde|half|medio)\s(?:van\s)?(?:de\s|deze\s|volgende\s|komende\s)(?:week|maand|middag|dag)\b",
        r"(?:het\s)?einde?\svan\s(?:de|deze|volgende|komende)\s(?:week|maand|dag|middag)\b|week\s\d{1,2}\b|\d{1,2}e\b(?=\s|[.,])",
        r"(?:voor|vóór|met|na|rond|tot)\s(?:de\s)?(?:kerst(?:mis)?|pasen|pinksteren|sinterklaas|nieuwjaar|oud en nieuw|koningsdag|kerstvakantie|meivakantie)\b"
    ]),
    "en": Table([
        r"(?:today|tonight|tomorrow|this\s(?:morning|afternoon|evening|week|month|weekend))\b",
        r"(?:next|coming|following)\s(?:week|month|weekend|working day|business day)\b",
        rf"(?:{WEEK['en']})\b(?!s)",
        rf"(?:within|in|after)\s(?:the\snext\s|at\smost\s)?(?:{FIGURE['en']})\s(?:{UNIT['en']})\b(?!\sago)|in\s(?:{FIGURE['en']})\s(?:days|weeks)['’]\stime",
        r"within\s(?:the|an?)\s(?:hour|day|week|month|fortnight)\b|(?:end|start|beginning|middle)\sof\s(?:the|this|next)\s(?:week|month|day|working day)\b",
        r"week\s\d{1,2}\b|the\s\d{1,2}(?:st|nd|rd|th)\b|(?:by|before|after|until|over|between)\s(?:christmas|easter|new year|whitsun|thanksgiving)\b|close of (?:play|business)\b",
        r"(?:new\syear['’]s|christmas|boxing|easter|may)\s(?:day|eve|monday|sunday)\b|good\sfriday\b|whit\smonday\b"
    ]),
}  # fmt: skip
MARK = re.compile(r"\{(?:due_on|done_on)\}")
BACKGROUND = {
    "nl": re.compile(
        r"(?:\bsinds|\bvan|\bna uw|\bover uw|\bnaar aanleiding van|\bschreef u|\bbelde u|\bmeldde u|\bvroeg u|\bbestelde u|\bkocht u|\bu (?:schreef|belde|meldde|vroeg|bestelde|kocht|mailde)(?:\s\S{1,20}){0,3}?"
        r"|\bal|\bbegonnen|\bgestart|\bsedert)\s(?:op\s|de\s)?(?:\w{2}(?:\s))?(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag\s)?$"
    ),
    "en": re.compile(
        r"(?:\bsince|\bof|\bfrom|\bdated|\bsent(?: us)?|\bwrote(?: to us)?|\bcalled|\breported(?: \w+){0,2}|\bordered(?: \w+){0,2}|\btold us|\basked(?: us)?|\bstarted|\bbegan|\bback)\s(?:on\s|the\s)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?(?:the\s)?$"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What is read: lower-cased words, in a language, on a day."""

    said: str
    language: str
    today: date


def days(said: str, language: str, today: date) -> list[Day]:
    """In the order of the text; of two that overlap the one that says most."""
    page = Said(said, language, today)
    finders: tuple[Callable[[Said], Iterator[Day]], ...] = (
        _in_figures,
        _written,
        _by_month,
        _past,
        _ahead,
        _marks,
    )
    found: list[Day] = []
    for finder in finders:
        found += [
            day
            for day in islice(finder(page), MANY)
            if not any(day.start < f.end and f.start < day.end for f in found)
        ]
    return sorted(found, key=lambda day: day.start)


def is_background(said: str, language: str, day: Day) -> bool:
    """A past day on which something began, or on which the customer wrote: no date of the plan."""
    return bool(BACKGROUND[language].search(said[max(0, day.start - 60) : day.start]))


def _in_figures(page: Said) -> Iterator[Day]:
    for m in NUMERIC.places(page.said):
        year, month, day = (_part(m, *(f"{name}{n}" for n in ("", 2, 3))) for name in "ymd")
        if int(month) > 12 >= int(day):
            month, day = day, month
        yield from _day(page, m.span(), day, int(month), year)


def _written(page: Said) -> Iterator[Day]:
    names = _names(page.language)
    for m in WRITTEN[page.language].places(page.said):
        year, month, day = (_part(m, name, f"{name}2") for name in "ymd")
        yield from _day(page, m.span(), day, names[month], year)


def _part(found: re.Match[str], *names: str) -> str:
    """Of the ways in which a date is written, the one that was."""
    parts = found.groupdict()
    return next((parts[name] for name in names if parts.get(name)), "")


def _day(page: Said, span: tuple[int, int], day: str, month: int, year: str) -> Iterator[Day]:
    number = int(day) if day.isdigit() else _listed(ORDINALS[page.language])[day]
    on = _nearest(page.today, month, number, int(year) % 100 + 2000 if year else None)
    if on:
        start, end = span
        named = DAY_OF[page.language].search(page.said[max(0, start - 16) : start])
        yield Day(start - len(named[0]) if named else start, end, on < page.today, on)


def _by_month(page: Said) -> Iterator[Day]:
    """A month is over when its last day is."""
    for m in BY_MONTH[page.language].places(page.said):
        on = _nearest(page.today, _names(page.language)[m["m"]], 0, int(m["y"]) if m["y"] else None)
        if on:
            yield Day(*m.span(), on < page.today, on)


def _nearest(today: date, month: int, day: int, year: int | None) -> date | None:
    """Day 0 is the last of the month; None where there is no such day."""
    for one in (year,) if year else (today.year - 1, today.year, today.year + 1):
        if not 1 <= month <= 12 or day > monthrange(one, month)[1]:
            continue
        on = date(one, month, day or monthrange(one, month)[1])
        if year or abs((on - today).days) <= HALF_A_YEAR:
            return on
    return None


def _past(page: Said) -> Iterator[Day]:
    yield from (Day(*m.span(), past=True) for m in PAST[page.language].places(page.said))


def _ahead(page: Said) -> Iterator[Day]:
    yield from (Day(*m.span(), past=False) for m in AHEAD[page.language].places(page.said))


def _marks(page: Said) -> Iterator[Day]:
    """What stands in for the day of the plan."""
    yield from (Day(*m.span(), past=False) for m in MARK.finditer(page.said))


def a_week_on(today: date) -> date:
    """The example that alternatives give: the Friday of next week."""
    return today + timedelta(days=11 - today.weekday())
