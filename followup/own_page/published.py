"""What everybody may read about a survey: round by round what was said and done; words are looked for in all of it.

Nothing here says who somebody is: public words that a manager read for this page, and how many people said it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, func, select

from core import clock
from core.db import db
from core.text import search_key
from followup.deeds import deed
from followup.digests.corrections import holding
from followup.digests.models import DigestCorrection, PublishedAction
from surveys.models import Round, Survey
from surveys.models_responses import Response
from triage.models import Action, Comment, Tag

Key = tuple[int, int]
"""(round, action)"""
ORDER = ("done", "planned", "already", "wont_do", "thanks")
"""What has changed stands first; a no stands there too, with its reason. Thanks only where they put something right."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One action in public words; `people`: how many said it."""

    kind: str
    words: str
    reason: str
    due_on: date | None
    done_on: date | None
    people: int
    wrong: str = ""
    """What stood here before, and was not right."""
    put_right_on: date | None = None


@dataclass(frozen=True, slots=True)
class PublicRound:
    starts_on: date
    digest: str
    entries: tuple[Entry, ...]


def published(survey: Survey, language: str, sought: str, now: datetime) -> list[PublicRound]:
    """Approved rounds, newest first; only what holds all of the words that are sought."""
    approved = select(Round).where(Round.survey_id == survey.id, Round.approved_at.is_not(None))
    rounds = db.session.scalars(approved.order_by(Round.starts_on.desc())).all()
    entries = _entries([r.id for r in rounds], language, survey.language, now)
    terms = search_key(sought).split()
    found = (_narrowed(_round(r, language, survey.language, entries.get(r.id, [])), terms) for r in rounds)
    return [r for r in found if r]


def _round(round: Round, language: str, fallback: str, entries: Iterable[Entry]) -> PublicRound:
    digest = round.digest.get(language) or round.digest.get(fallback) or next(iter(round.digest.values()), "")
    ordered = tuple(sorted(entries, key=lambda e: (ORDER.index(e.kind), -e.people)))
    return PublicRound(round.starts_on, _without(ordered, digest), ordered)


def _without(entries: tuple[Entry, ...], digest: str) -> str:
    """The digest but for the paragraphs of its draft that say no more than an action below does, or did."""
    paragraphs, below = digest.split("\n\n"), [w for e in entries for w in (e.words, e.wrong) if w]
    return "\n\n".join(p for p in paragraphs if not any(p.startswith(words) for words in below))


def _narrowed(round: PublicRound, terms: list[str]) -> PublicRound | None:
    """The parts of it that hold every word; None when none does."""
    if not terms:
        return round
    digest = round.digest if _holds(terms, round.digest) else ""
    entries = tuple(e for e in round.entries if _holds(terms, e.words, e.reason, e.wrong))
    return PublicRound(round.starts_on, digest, entries) if digest or entries else None


def _holds(terms: list[str], *texts: str) -> bool:
    """Compared without case, also beyond ASCII, on any database."""
    said = search_key(" ".join(texts))
    return all(term in said for term in terms)


def _entries(round_ids: list[int], language: str, fallback: str, now: datetime) -> dict[int, list[Entry]]:
    """round → its actions: those that were chosen for this page, told to somebody; and what puts one of them right."""
    found: dict[int, list[Entry]] = {}
    counts = _people(round_ids, now)
    chosen = {(p.round_id, p.action_id) for p in db.session.scalars(_chosen(round_ids))}
    corrections = {(c.round_id, c.action_id): c for c in holding(*round_ids)}
    for (round_id, action_id), action in _actions(counts, corrections):
        righting = corrections.get((round_id, action_id))
        stands = (round_id, action_id) in chosen or (round_id, action.corrects_id) in chosen
        if (stands or righting) and not action.withdrawn_at and action.kind in ORDER:
            people = _said_by(counts, round_id, action_id, righting)
            entry = _entry(action, people, language, fallback)
            found.setdefault(round_id, []).append(_righted(entry, righting, language, fallback))
    return found


def _actions(*keyed: Collection[Key]) -> list[tuple[Key, Action]]:
    keys = list(dict.fromkeys(key for some in keyed for key in some))
    held = select(Action).where(Action.id.in_({action_id for _, action_id in keys}))
    actions = {a.id: a for a in db.session.scalars(held)}
    return [(key, actions[key[1]]) for key in keys]


def _said_by(counts: dict[Key, int], round_id: int, action_id: int, righting: DigestCorrection | None) -> int:
    """Who said it, also while those who wrote it have not heard yet what holds."""
    wrong_id = righting.wrong_id if righting else action_id
    return max(counts.get((round_id, action_id), 0), counts.get((round_id, wrong_id), 0))


def _righted(entry: Entry, righting: DigestCorrection | None, language: str, fallback: str) -> Entry:
    if not righting:
        return entry
    on = clock.local_date(righting.made_at, righting.round.survey.organisation.timezone)
    return replace(entry, wrong=deed(righting.wrong, language, fallback).words, put_right_on=on)


def _chosen(round_ids: list[int]) -> Select[PublishedAction]:
    return select(PublishedAction).where(PublishedAction.round_id.in_(round_ids))


def _entry(action: Action, people: int, language: str, fallback: str) -> Entry:
    told = deed(action, language, fallback)
    return Entry(told.kind, told.words, told.reason, told.due_on, told.done_on, people)


def _people(round_ids: list[int], now: datetime) -> dict[tuple[int, int], int]:
    """(round, action) → how many answers it was the answer to; only what was told: nobody reads it here first."""
    query = (
        select(Response.round_id, Tag.action_id, func.count(Response.id.distinct()))
        .join(Comment, Comment.response_id == Response.id)
        .join(Tag, Tag.comment_id == Comment.id)
        .where(Response.round_id.in_(round_ids), Response.is_test.is_(False), Tag.withdrawn_at.is_(None))
        .where(Tag.release_at <= now)
        .group_by(Response.round_id, Tag.action_id)
        .having(func.count(Tag.told_at) > 0)
    )
    return {(round_id, action_id): people for round_id, action_id, people in db.session.execute(query)}
