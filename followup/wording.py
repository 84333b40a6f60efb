"""Sentences that the text of a mail, its html and the respondent's own page share, so that they say the same.

Plain words: html escapes them like any others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from core.voice import format_date
from core.voice import gettext as _
from outbox.wording import not_kept as why_not_kept

if TYPE_CHECKING:
    from followup.deeds import Deed, Wait
    from followup.letters import Letter, Piece, Pledge
    from followup.rewards.rewarding import Reward

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
    if not deeds and not any(p.frozen for p in heard):
        return _("You said, we did: “%(survey)s”", survey=survey)
    if len(heard) > 1:
        return _("What came of your %(n)d answers", n=len(heard))
    if not deeds:
        return _("What came of your answer about “%(survey)s”", survey=survey)
    return _title_of_one({d.kind for d in deeds}, survey)


def _title_of_one(kinds: set[str], survey: str) -> str:
    match kinds.pop() if len(kinds) == 1 else "":
        case "done":
            return _("Done: what we changed after your answer about “%(survey)s”", survey=survey)
        case "planned":
            return _("Planned: what we will do with your answer about “%(survey)s”", survey=survey)
        case "wont_do":
            return _("Our decision about your answer about “%(survey)s”", survey=survey)
        case "thanks":
            return _("Thank you for what you wrote about “%(survey)s”", survey=survey)
    return _("What came of your answer about “%(survey)s”", survey=survey)


def you_wrote(piece: Piece) -> str:
    if piece.answers and piece.answers.words:
        return _("On %(day)s you wrote back to us:", day=_day(piece.answers.wrote_on))
    when = _day(piece.answered_on)
    if piece.quotes and piece.also:
        return _(
            "On %(day)s you wrote to us, about “%(survey)s”, and about the same on %(others)s:",
            day=when, survey=piece.survey, others=_others(piece),
        )  # fmt: skip
    if piece.quotes:
        return _("On %(day)s you wrote to us, about “%(survey)s”:", day=when, survey=piece.survey)
    return _("On %(day)s you answered “%(survey)s”.", day=when, survey=piece.survey)


def _others(piece: Piece) -> str:
    """When they said the same elsewhere, and where."""
    named = [_("%(day)s, by “%(survey)s”", day=_day(day), survey=survey) for survey, day in piece.also]
    return "; ".join(named)


def not_kept(letter: Letter) -> str:
    """Which attachments we could not take in, and what can be done; empty when there are none."""
    refused = letter.answers.refused if letter.answers else ()
    if not refused:
        return ""
    named = ", ".join(f"“{name}” ({why_not_kept(why)})" for name, why in refused)
    return _(
        "Of what you attached we could not take in: %(files)s. Answer this message with it in another form, or tell us how to get it.",
        files=named,
    )


def corrects(piece: Piece) -> str:
    """What stands before a correction; empty when it is none."""
    wrong = any(d.corrects for d in piece.deeds)
    if piece.stood:
        return _(
            "In “You said, we did” of %(month)s stood: “%(words)s” That was not right. This is what holds:",
            month=format_date(piece.stood_in or piece.answered_on, "MMMM y"), words="” “".join(piece.stood),
        )  # fmt: skip
    return _("What we told you before was not right. This is what holds:") if wrong else ""


def deed_heading(deed: Deed) -> str:
    match deed.kind:
        case "done":
            return _("Done on %(day)s", day=_day(deed.done_on))
        case "planned" if deed.due_on:
            return _("Planned for %(day)s, by %(name)s", day=_day(deed.due_on), name=deed.owner)
        case "planned":
            return _("Planned, without a date yet, by %(name)s", name=deed.owner)
        case "wont_do":
            return _("We decided not to do this")
        case "already":
            return _("It is already so")
    return _("Thank you")


def reason(words: str) -> str:
    """A reason as staff typed it, made to end as a sentence does; a sentence of its own fits every language."""
    said = " ".join(words.split())
    return _(
        "The reason: %(reason)s", reason=said if said.endswith((".", "!", "?", "…", "”", '"')) else f"{said}."
    )


def reached(deed: Deed) -> str:
    """To whom a compliment was passed on: only names of those it reaches stand in it."""
    names = list(deed.beside.reached)
    if len(names) < 2:
        return _("Your compliment reached %(name)s.", name="".join(names))
    return _("Your compliment reached %(names)s and %(name)s.", names=", ".join(names[:-1]), name=names[-1])


def wrote(deed: Deed, signer: str = "") -> str:
    """Who wrote this to them, where another name stands below the letter, or none."""
    return f"– {deed.signed_by.name}" if deed.signed_by and deed.signed_by.name != signer else ""


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
    day = _long(pledge.due_on)
    return _("%(day)s, before %(time)s", day=day, time=pledge.time) if pledge.time else day


def instead_of(letter: Letter) -> str:
    """Who is away or gone, and who follows it now; empty when nobody is."""
    signed = letter.signature
    if not signed.instead_of:
        return ""
    names = {"absent": signed.instead_of, "name": signed.name}
    if signed.away_until:
        return _(
            "%(absent)s is away until %(day)s; %(name)s follows this now.",
            day=_day(signed.away_until),
            **names,
        )
    return _("%(absent)s no longer works on this; %(name)s follows it now.", **names)


def waits(wait: Wait) -> str:
    """For whom we wait, since when, and when we ask again."""
    return _(
        "We are waiting for %(whom)s since %(since)s and ask again on %(again)s.",
        whom=wait.whom, since=_day(wait.since), again=_day(wait.ask_again_on),
    )  # fmt: skip


def new_date(letter: Letter) -> str:
    """Subject and heading of a move: the second time there is no date any more."""
    said = {"who": letter.pledge.who, "day": _long(letter.pledge.due_on)} if letter.pledge else {}
    if letter.dateless:
        return _("No date yet; you hear from %(who)s by %(day)s", **said)
    return _("A new date: you hear from %(who)s by %(day)s", **said)


def has_moved(letter: Letter) -> str:
    """What a move says first."""
    survey = letter.pieces[0].survey
    if letter.dateless:
        return _(
            "The date that we gave you about “%(survey)s” does not hold, and we do not have a new one yet.",
            survey=survey,
        )
    if letter.pieces[0].deeds:
        return _(
            "What we planned after your answer about “%(survey)s” will be done later than we told you.",
            survey=survey,
        )
    return _("The date on which you would hear from us about “%(survey)s” has moved.", survey=survey)


def going_on(letter: Letter) -> str:
    """Subject and heading of how it stands."""
    said = {"who": letter.pledge.who, "day": _long(letter.pledge.due_on)} if letter.pledge else {}
    return _("We are working on it; you hear from %(who)s by %(day)s", **said)


def closed(letter: Letter) -> str:
    """Subject and heading of a default closing."""
    return _("About your answer to “%(survey)s”", survey=letter.pieces[0].survey)


def without_news(letter: Letter) -> str:
    """Subject and heading when the day has come and nothing else."""
    said = {"who": letter.pledge.who, "day": _long(letter.pledge.due_on)} if letter.pledge else {}
    if letter.broken:
        return _("Not done yet; you hear from %(who)s by %(day)s", **said)
    return _("No news yet; you hear from %(who)s by %(day)s", **said)


def nothing_new(letter: Letter) -> str:
    """What such a letter says first, as it is."""
    survey = letter.pieces[0].survey
    if letter.broken and letter.pieces[0].deeds:
        return _(
            "This is what we told you after your answer about “%(survey)s”, and it is not done:",
            survey=survey,
        )
    if letter.broken:
        return _(
            "We told you that what we planned after your answer about “%(survey)s” would be done by %(day)s. It is not done.",
            survey=survey, day=_day(letter.broken),
        )  # fmt: skip
    return _("You would hear from us by now about “%(survey)s”. There is no news yet.", survey=survey)


def why(letter: Letter) -> str:
    """Why somebody gets this at all."""
    return _(
        "You get this message because you answered “%(survey)s” on %(day)s and wanted to hear back by mail.",
        survey=letter.pieces[0].survey,
        day=_day(letter.pieces[0].answered_on),
    )


def _long(day: date) -> str:
    return format_date(day, "EEEE d MMMM y")


def _day(day: date | None) -> str:
    return format_date(day, "d MMMM y") if day else ""


def thanks_with(reward: Reward) -> str:
    """A code, and what it is good for."""
    return _("With our thanks: %(what)s. Your code: %(code)s", what=reward.what, code=reward.code)
