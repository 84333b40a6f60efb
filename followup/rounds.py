"""A round's digest: "you said, we did", for everyone who gave a score and no words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import audit
from core.db import db
from core.errors import Conflict, DomainError
from core.text import as_typed
from followup.letters import deed
from promises.models import Promise, Update
from surveys.models import Response, Round
from triage.models import Action, Comment, Tag

DIGEST = 5000
"""Characters of a digest in one language."""


def approve(round: Round, words: Mapping[str, str], by_id: int | None, now: datetime) -> None:
    """From now on everyone who gave only a score hears these words, else those that were kept, else the draft.

    Conflict when it was approved before, DomainError when there is nothing to say in the survey's language.
    """
    write(round, words or round.digest or drafts(round), now)
    if not round.digest.get(round.survey.language):
        raise DomainError(_("Write the digest in the language of the survey first."))
    round.approved_at, round.approved_by_id = now, by_id
    audit.record("round.approved", round, now)


def write(round: Round, words: Mapping[str, str], now: datetime) -> None:
    """Keep the words of a digest that nobody has read yet; language → words, empty ones left out."""
    if round.approved_at:
        raise Conflict(_("This digest was approved already; people have been told."))
    round.digest = {
        language: as_typed(text, DIGEST).strip() for language, text in words.items() if text.strip()
    }
    audit.record("round.written", round, now)


@dataclass(frozen=True, slots=True)
class Done:
    """One action of the round, and how many of its comments it answers."""

    action: Action
    comments: int


def done_in(round: Round) -> list[Done]:
    """What was done about this round's comments, the most-wanted first."""
    query = (
        select(Tag.action_id, func.count(Comment.id.distinct()))
        .join(Comment, Comment.id == Tag.comment_id)
        .join(Response, Response.id == Comment.response_id)
        .where(Response.round_id == round.id, Response.is_test.is_(False), Tag.withdrawn_at.is_(None))
        .group_by(Tag.action_id)
    )
    counts = dict(db.session.execute(query).all())
    held = (
        select(Action)
        .where(Action.id.in_(counts), Action.withdrawn_at.is_(None))
        .options(joinedload(Action.owner))
    )
    actions = db.session.scalars(held.order_by(Action.id))
    return sorted((Done(a, counts[a.id]) for a in actions), key=lambda d: -d.comments)


def draft(round: Round, language: str) -> str:
    """ "You said, we did", put together from the actions; a person rewrites it."""
    with force_locale(language):
        parts = [
            _paragraph(d, language, round.survey.language)
            for d in done_in(round)
            if d.action.kind != "thanks"
        ]
        return "\n\n".join(parts)


def drafts(round: Round) -> dict[str, str]:
    """language → draft, in the languages of the survey"""
    return {language: draft(round, language) for language in round.survey.languages}


def _paragraph(done: Done, language: str, fallback: str) -> str:
    told = deed(done.action, language, fallback)
    said = ngettext("%(num)d person wrote about this.", "%(num)d people wrote about this.", done.comments)
    return " ".join(part for part in (told.words, told.reason, said) if part)


def will_hear(round: Round) -> dict[str, int]:
    """channel → how many people wait for this digest: a score, no words, not heard before."""
    heard = select(Update.id).where(Update.promise_id == Promise.id, Update.how == "digest").exists()
    worded = select(Comment.id).where(Comment.response_id == Response.id).exists()
    query = (
        select(Promise.channel, func.count(Promise.id))
        .join(Response, Response.id == Promise.response_id)
        .where(
            Response.round_id == round.id,
            Promise.is_open,
            Promise.because.in_(("answer", "no_news", "moved", "progress")),
            ~heard,
            ~worded,
        )
        .group_by(Promise.channel)
    )
    return dict(db.session.execute(query).all())
