""" "You said, we did" as a draft: from what was done about a round's comments, and what they were about."""

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from core.application import words
from core.languages import LANGUAGES
from followup.deeds import deed
from followup.digests.round_deeds import Done, Said, counts, done_in, said_in
from surveys.models import Round

THEMES = 3
"""Themes that are named in one sentence."""


def drafts(round: Round) -> dict[str, str]:
    """language → draft, in the languages of the survey; nothing to begin with in one that we do not speak"""
    return {code: draft(round, code) if code in LANGUAGES else "" for code in round.survey.languages}


def draft(round: Round, language: str) -> str:
    """Put together from themes and actions, a paragraph each; honest where nothing was changed. A person rewrites it."""
    with force_locale(language):
        said, done = said_in(round), [d for d in done_in(round) if d.action.kind != "thanks"]
        told = [_paragraph(d, language, round.survey.language) for d in done]
        parts = [_most(said), *told] if told else [_nothing(round), _most(said)]
        return "\n\n".join(part for part in [*parts, _open(said)] if part)


def _paragraph(done: Done, language: str, fallback: str) -> str:
    told = deed(done.action, language, fallback)
    said = ngettext("%(num)d person wrote about this.", "%(num)d people wrote about this.", done.comments)
    return " ".join(part for part in (told.words, told.reason, said) if part)


def _nothing(round: Round) -> str:
    """What is true of a round without actions."""
    answered, wrote = counts(round)
    people = ngettext("%(num)d person answered", "%(num)d people answered", answered)
    return _(
        "In this round nothing was changed yet. %(people)s, %(wrote)d of them in words; whoever wrote hears from us personally.",
        people=people,
        wrote=wrote,
    )


def _most(said: list[Said]) -> str:
    return (
        _("Most was written about %(themes)s.", themes=_named([(s, s.comments) for s in said]))
        if said
        else ""
    )


def _open(said: list[Said]) -> str:
    """What nobody has answered yet stands there too."""
    unanswered = [(s, s.comments) for s in said if not s.answered]
    return _("Nothing was decided yet about %(themes)s.", themes=_named(unanswered)) if unanswered else ""


def _named(themes: list[tuple[Said, int]]) -> str:
    """Delivery (12), boxes (7) – the first few."""
    return ", ".join(f"{words(said.theme.name)} ({n})" for said, n in themes[:THEMES])
