"""What a letter says by another channel than mail: what a colleague says on the phone, what is printed, what fits a text message."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import current_app

from core import links
from core.voice import format_date, speaking
from core.voice import gettext as _
from followup import wording
from followup.letters import Letter, Piece
from followup.rendering import Rendered, page_words, render, tidy
from outbox.channels.sms import LONGEST

Heart = tuple[Piece, str]
"""An answer that a letter is about, and what is said to it."""
LEAST = 20
"""Characters below which words are left out: the page says them better."""
_OF_TELEPHONES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " "}
)
"""One sign outside the alphabet of telephones more than halves what a part of a text holds."""


def in_the_words_of(
    channel: str, letter: Letter, language: str, name: str = "", *, preview: bool = False
) -> Rendered:
    """Subject and words as this channel carries them; html for mail alone. `name`: whom it greets, where the letter does not say."""
    rendered = render(letter, language, preview=preview)
    if channel == "mail":
        return rendered
    return Rendered(rendered.subject, _written(channel, letter, language, name or letter.name), "")


def _written(channel: str, letter: Letter, language: str, name: str) -> str:
    hearts = _hearts(letter, language)
    with speaking(language, letter.organisation):
        template = current_app.jinja_env.get_template(f"spoken/{channel}.txt")
        more = _texted(letter, hearts) if channel == "sms" else {"asked_to_be_called": asked_to_be_called}
        said = template.render(letter=letter, say=wording, hearts=hearts, name=name, **more)
    return tidy(said) + "\n"


def _hearts(letter: Letter, language: str) -> list[Heart]:
    """Each answer that it is about, with what is said to it; what is promised now stands once, at the end."""
    last = len(letter.pieces) - 1
    alone = (
        replace(letter, pieces=(piece,), pledge=letter.pledge if n == last else None)
        for n, piece in enumerate(letter.pieces)
    )
    return [(one.pieces[0], page_words(one, language)) for one in alone]


def _texted(letter: Letter, hearts: Sequence[Heart]) -> dict[str, Any]:
    """Each answer gets its share of the room that is left beside the links, which are longer or shorter than their slots."""
    opening = _opening(letter).translate(_OF_TELEPHONES)
    link = len(links.url("status", 10**12, 99))
    room = (LONGEST - len(opening)) // max(1, len(hearts)) - link - 3
    told = [(within(heart.translate(_OF_TELEPHONES), room), piece.status) for piece, heart in hearts]
    return {"opening": opening, "told": told}


def _opening(letter: Letter) -> str:
    who, where = within(letter.signature.name, 40), within(letter.organisation.name, 60)
    if not letter.pieces:
        return _("%(name)s of %(organisation)s:", name=who, organisation=where)
    day = format_date(letter.pieces[0].answered_on, "d MMMM")
    return _(
        "%(name)s of %(organisation)s, about what you answered on %(day)s:",
        name=who, organisation=where, day=day,
    )  # fmt: skip


def within(text: str, room: int) -> str:
    """On one line and whole words, with dots where it goes on; nothing where too little would be left of it."""
    line = " ".join(text.split())
    if len(line) <= room:
        return line
    cut = line[: max(0, room - 3) + 1].rpartition(" ")[0] or line[: max(0, room - 3)]
    return f"{cut.rstrip()}..." if room >= LEAST else ""


def asked_to_be_called(piece: Piece) -> str:
    """How a call begins: why we call."""
    day = format_date(piece.answered_on, "d MMMM")
    return _(
        "On %(day)s you answered “%(survey)s”, and asked us to call you about it.",
        day=day,
        survey=piece.survey,
    )
