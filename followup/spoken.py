"""What a letter says by another channel than mail: what a colleague says on the phone, what is printed, what fits a text message."""

from dataclasses import replace

from flask import current_app

from core.voice import format_date, speaking
from core.voice import gettext as _
from followup import wording
from followup.letters import Letter, Piece, Rendered, page_words, render, tidy


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
        said = template.render(
            letter=letter, say=wording, hearts=hearts, name=name, asked_to_be_called=asked_to_be_called
        )
    return tidy(said) + "\n"


def _hearts(letter: Letter, language: str) -> list[tuple[Piece, str]]:
    """Each answer that it is about, with what is said to it; what is promised now stands once, at the end."""
    last = len(letter.pieces) - 1
    alone = (
        replace(letter, pieces=(piece,), pledge=letter.pledge if n == last else None)
        for n, piece in enumerate(letter.pieces)
    )
    return [(one.pieces[0], page_words(one, language)) for one in alone]


def asked_to_be_called(piece: Piece) -> str:
    """How a call begins: why we call."""
    day = format_date(piece.answered_on, "d MMMM")
    return _(
        "On %(day)s you answered “%(survey)s”, and asked us to call you about it.",
        day=day,
        survey=piece.survey,
    )
