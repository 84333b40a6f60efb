"""Sentences that the text of a mail, its html and the respondent's own page share, so that they say the same.

Plain words: html escapes them like any others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import format_date
from flask_babel import gettext as _

if TYPE_CHECKING:
    from followup.letters import Deed, Letter, Piece, Pledge

SOLVABLE = ("done", "wont_do", "already")
"""Kinds of deed that can solve something; a plan and a thank-you cannot yet."""


def greeting(name: str) -> str:
    return _("Good day %(name)s,", name=name) if name else _("Good day,")


def title(pieces: Iterable[Piece]) -> str:
    """Subject and heading of an update: what it is, so that it makes sense without the rest."""
    heard = list(pieces)
    survey, deeds = heard[0].survey, [d for p in heard for d in p.deeds]
    if any(d.corrects for d in deeds):
        return _("A correction of what we told you about “%(survey)s”", survey=survey)
    if not deeds:
        return _("You said, we did: “%(survey)s”", survey=survey)
    if len(heard) > 1:
        return _("What came of your %(n)d answers", n=len(heard))
    return _title_of_one({d.kind for d in deeds}, survey)


def _title_of_one(kinds: set[str], survey: str) -> str:
    titles = {
        "done": _("Done: what we changed after your answer about “%(survey)s”", survey=survey),
        "planned": _("Planned: what we will do with your answer about “%(survey)s”", survey=survey),
        "wont_do": _("Our decision about your answer about “%(survey)s”", survey=survey),
        "thanks": _("Thank you for what you wrote about “%(survey)s”", survey=survey),
    }
    mixed = _("What came of your answer about “%(survey)s”", survey=survey)
    return titles.get(next(iter(kinds)), mixed) if len(kinds) == 1 else mixed


def you_wrote(piece: Piece) -> str:
    when = _day(piece.answered_on)
    if piece.quotes:
        return _("On %(day)s you wrote to us, about “%(survey)s”:", day=when, survey=piece.survey)
    return _("On %(day)s you answered “%(survey)s”.", day=when, survey=piece.survey)


def corrects(piece: Piece) -> str:
    """What stands before a correction; empty when it is none."""
    wrong = any(d.corrects for d in piece.deeds)
    return _("What we told you before was not right. This is what holds:") if wrong else ""


def deed_heading(deed: Deed) -> str:
    return {
        "done": _("Done on %(day)s", day=_day(deed.done_on)),
        "planned": _("Planned for %(day)s, by %(name)s", day=_day(deed.due_on), name=deed.owner),
        "wont_do": _("We decided not to do this"),
        "already": _("It is already so"),
        "thanks": _("Thank you"),
    }[deed.kind]


def reason(words: str) -> str:
    """A reason as staff typed it, made to end as a sentence does; a sentence of its own fits every language."""
    said = " ".join(words.split())
    return _(
        "The reason: %(reason)s", reason=said if said.endswith((".", "!", "?", "…", "”", '"')) else f"{said}."
    )


def asked(piece: Piece) -> tuple[tuple[str, str], ...]:
    """(clear or solved, the question): every message asks the first, an outcome the second too."""
    clear = ("clear", _("Is it clear what you can expect?"))
    outcome = piece.digest or any(d.kind in SOLVABLE for d in piece.deeds)
    return (clear, ("solved", _("Does this solve it?"))) if outcome else (clear,)


def helped(letter: Letter) -> str:
    """Subject and heading of the question that is asked once more."""
    return _(
        "Does it help, what we did after your answer about “%(survey)s”?", survey=letter.pieces[0].survey
    )


def told_before(deed: Deed) -> str:
    """What stands before the words of a deed that was told weeks ago."""
    if deed.kind == "planned":
        return _("This was planned for %(day)s:", day=_day(deed.due_on))
    return _("This was done on %(day)s:", day=_day(deed.done_on))


def when(pledge: Pledge) -> str:
    day = format_date(pledge.due_on, "EEEE d MMMM y")
    return _("%(day)s, before %(time)s", day=day, time=pledge.time) if pledge.time else day


def instead_of(letter: Letter) -> str:
    """For whom a deputy signs; empty when nobody does."""
    absent = letter.signature.instead_of
    return _("for %(name)s, who is away", name=absent) if absent else ""


def why(letter: Letter) -> str:
    """Why somebody gets this at all."""
    return _(
        "You get this message because you answered “%(survey)s” on %(day)s and wanted to hear back by mail.",
        survey=letter.pieces[0].survey,
        day=_day(letter.pieces[0].answered_on),
    )


def _day(day: date | None) -> str:
    return format_date(day, "d MMMM y") if day else ""
