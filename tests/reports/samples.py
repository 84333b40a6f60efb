"""Figures of a made-up webshop, and of a period in which nothing happened."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reports import verbatims
from reports.deeds import Count, Deed, Ledger, Loop, Miss, Verdicts, Word
from reports.durations import Times
from reports.figures import Answered, Figures, Month, Satisfaction, Scope, Theme, Verbatim, Verbatims
from reports.groups import Group
from reports.measures import Aftermath, Rates, Scale, Speed
from reports.moods.feelings import Feelings
from reports.moods.moods import Mood, Moods
from reports.pdf.manuscripts import Manuscript

AT = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
NOTHING = (0, 0, 0, 0, 0)
WORDS = (
    "Het pakket kwam drie dagen later dan beloofd.",
    "The return label did not print.",
    "Fijn dat er iemand terugbelde 😀",
    "Στάλθηκε γρήγορα · Отлично · شكرا · תודה · Łódź · Ệ",
)


def figures(quotes: int = 8, missing: int = 0) -> Figures:
    """214 responses; `missing` of them are not accounted for."""
    return Figures(
        Scope(
            "De Linde",
            "Na uw bestelling",
            date(2025, 12, 1),
            date(2026, 11, 30),
            "Europe/Amsterdam",
            "#9a3b26",
            AT,
        ),
        Satisfaction((18, 24, 36, 64, 72), (30, 30, 40, 40, 40), months()),
        Loop(214, 214, 207, 201, 90),
        Ledger(
            214,
            201 - missing,
            6,
            (Count("declined", 3), Count("bounced", 4)),
            (Count("done", 181 - missing), Count("own_page", 20)),
            60,
        ),
        Word(84, 5, 4, 3, 18),
        Deed(12, 31, 9, 4, 5, (1, 2, 5, 5, 30), (missed(5), missed(30))),
        Verdicts(88, 6, 71, 9, 121),
        (
            Theme(
                "Bezorging", 61, 2.9, (Answered("done", "In een tijdvak van twee uur.", date(2026, 3, 3)),)
            ),
            Theme("=cmd|'/c calc'!A1", 11, None, ()),
        ),
        verbatims.choose(written(quotes), 130),
        **measured(),
    )


def measured() -> dict[str, Any]:
    """English readers wait longer than the others, and too few wrote by hand to be shown apart."""
    slow, quick = Times(40, 10, 120.0, None), Times(160, 4, 20.0, 70.0)
    return {
        "rates": Rates(250, 100, 6, 120, 114, 240, 140),
        "scales": (
            Scale("nps", "nps", "Would you recommend us?", ((2, 20), (8, 30), (10, 50)), ((2, 40), (8, 30), (10, 30))),
            Scale("gap", "expectation_gap", "Expected, and got?", ((-2, 30), (0, 20)), (), ((4, 50),), ((2, 30), (4, 20))),
            Scale("ease", "ces", "How easy was it?", ((6, 5),)),
        ),
        "speed": Speed(quick, slow, slow, slow, 150, 120, -3.0, 0.002, 0.4, 0.6),
        "aftermath": Aftermath(90, 9, 6, 80, 12, 3, 6, 14, 5),
        "feelings": Feelings(
            (("angry", 90), ("neutral", 30)), (("angry", 9), ("grateful", 40)), 30, 6, 4,
            (("angry", 32), ("neutral", 8)), (("angry", 4), ("neutral", 8), ("grateful", 28)),
        ),
        "moods": moods(),
        "groups": (
            Group("channel", "mail", 180, 110, 180, 175, 160, quick, rarer=-1, thanked=90, thankable=150),
            Group("channel", "page", 34, 20, 34, 30, 30, quick, thanked=3, thankable=30),
            Group("language", "nl", 160, 110, 160, 155, 150, quick),
            Group("language", "en", 54, 20, 54, 50, 20, slow, later=1, less=1),
            Group("who", "Samira", 204, 120, 204, 200, 180, quick), Group("who", "others", 10, 4, 10, 10, 9, quick),
        ),
    }  # fmt: skip


FELT = (
    ("impatient", 22),
    ("frustrated", 60),
    ("angry", 9),
    ("disappointed", 20),
    ("neutral", 21),
    ("grateful", 30),
)


def moods() -> Moods:
    """Of two of the twelve months too few are known, and of who hears by phone."""
    firsts = [f"{month.first:%Y-%m}" for month in months()]
    rising = tuple(
        Mood(first, 12)
        if n in {3, 4}
        else Mood(first, 60 + n, (("frustrated", 20 + 2 * n), ("happy", 40 - n)))
        for n, first in enumerate(firsts)
    )
    channels = (
        Mood("mail", 130, (*FELT[:2], ("happy", 48))),
        Mood("page", 32, (FELT[2], ("grateful", 23))),
    )
    before = Mood("before", 200, (("frustrated", 60), ("grateful", 140)))
    return Moods(Mood("period", 162, FELT), before, rising, (*channels, Mood("phone", 12)))


def months() -> tuple[Month, ...]:
    firsts = [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 12))]
    return tuple(Month(first, (1, 2, 3, 5 + n % 3, n * 3)) for n, first in enumerate(firsts))


def missed(days: int) -> Miss:
    promised = date(2026, 3, 3)
    return Miss("Tijdvak van twee uur", "Samira", promised, promised + timedelta(days), days, days < 10, 2)


def written(n: int) -> list[Verbatim]:
    return [
        Verbatim(WORDS[i % len(WORDS)], i % 5 + 1, date(2026, 11, 20) - timedelta(i), "nl", "Dat doen we nu.")
        for i in range(n)
    ]


def empty() -> Figures:
    full = figures()
    return Figures(
        replace(full.scope, data_at=None),
        Satisfaction(NOTHING, NOTHING, tuple(Month(month.first, NOTHING) for month in months())),
        Loop(0, 0, 0, 0, 0),
        Ledger(0, 0, 0, (), (), 0),
        Word(0, 0, 0, 0, 0),
        Deed(0, 0, 0, 0, 0),
        Verdicts(0, 0, 0, 0, 0),
        (),
        Verbatims((), 0),
    )


def page(body: str, assets: dict[str, bytes] | None = None) -> Manuscript:
    """A small page, made for the renderer alone."""
    return Manuscript(f'<!doctype html><html lang="en"><title>Page</title>{body}', assets or {}, AT)
