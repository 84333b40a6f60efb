"""What a respondent's own page says: their words, what is owed, what was done, and how far the loop is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from core import clock
from core.db import db
from followup.closing import OUTCOMES, closing_of
from followup.conversing import replies_to, wrote_back
from followup.history import history, verdict_words
from followup.judging import refused_before
from followup.letters import Pledge, pledge
from followup.models import CheckBack, Verdict
from followup.own_page.unsubscribing import is_blocked
from outbox.incoming.models import Attachment
from promises.models import Promise, Update
from surveys.kinds import KINDS
from surveys.models_responses import Answer, Response
from surveys.queries import answer_words
from surveys.said import newest

SOLVABLE = ("done", "wont_do", "already", "digest", "default", "correction")
"""Outcomes that can be asked about: does this solve it?"""
ASKED = tuple(kind for kind in KINDS if kind != "hidden")
REOPENED = ("not_clear", "not_solved", "reply")


@dataclass(frozen=True, slots=True)
class Word:
    """One thing they were told: the words, since when, by whom."""

    how: str
    words: str
    at: datetime
    who: str
    theirs: bool = False
    """It is what they wrote back."""
    files: tuple[tuple[str, bool], ...] = ()
    """(name, whether it was kept) of what they attached"""


class Given(NamedTuple):
    """What they answered to one question, as it holds now."""

    question: str
    words: str
    own_words: bool
    """They typed it as a comment; all else is chosen or short."""


@dataclass(frozen=True, slots=True)
class StatusPage:
    survey: str
    answered_at: datetime
    answers: tuple[Given, ...]
    carried: tuple[Given, ...]
    """the same of what their address carried along: for staff, who alone know what it means"""
    pledge: Pledge | None
    """what is owed now"""
    days: int | None
    """from today to its date; negative when it passed"""
    because: str
    """why it is owed; one of promises.models.CAUSES"""
    told: tuple[Word, ...]
    """newest first"""
    talk: tuple[Word, ...]
    """the same with the mails they wrote back between them"""
    shares: tuple[float, float, float, float]
    """heard, acted, told, agreed; what is planned is half of an act"""
    asks: tuple[str, ...]
    """what they are asked: clear, solved"""
    said: str
    """their last verdict in a sentence"""
    content: bool
    """they said no “no” in it"""
    judged: bool
    """nothing was told since they said so"""
    asked_again: bool
    """once more, weeks after what was done"""
    offers_call: bool
    """a no would be the second one"""
    closing: str
    """one of followup.closing.CLOSINGS, or nothing"""
    changed_at: datetime | None
    """when they last said something else"""
    may_change: bool
    declined: bool
    anonymous: bool
    unsubscribed: bool
    """mail is blocked, so that this page is where it is told"""
    history: tuple[tuple[str, str, datetime], ...]
    """(words, who, when), newest first"""


def status(response: Response, now: datetime) -> StatusPage:
    """Everything the page shows, in the language of this request."""
    promises = _promises(response)
    owed = next((p for p in promises if not p.ended_at), None)
    endings = [u for p in promises for u in p.updates if u.kind == "ending"]
    verdict = _last_verdict(response)
    asked_again, shares = _asked_again(response), _shares(promises, verdict)
    told = tuple(_word(u) for u in reversed(endings))
    return StatusPage(
        survey=_title(response), answered_at=response.submitted_at, answers=_answers(response), carried=_answers(response, ("hidden",)),
        pledge=pledge(owed) if owed else None, days=_days(owed, now) if owed else None, because=owed.because if owed else "",
        told=told, talk=_talk(told, response), shares=shares, asks=() if response.declined_at else _asks(owed, endings, again=asked_again is not None), said=verdict_words(verdict) if verdict else "",
        content=bool(verdict and _content(verdict)),
        judged=_judged(promises, endings, verdict, asked_again), asked_again=asked_again is not None,
        offers_call=refused_before(response) and not (response.survey.anonymous and response.anonymous), closing=closing_of(response, now)[0], declined=response.declined_at is not None, anonymous=response.anonymous,
        changed_at=response.corrected_at, may_change=response.survey.is_open and not response.history,
        unsubscribed=_unsubscribed(response), history=tuple(reversed(history(response, promises))),
    )  # fmt: skip


def _promises(response: Response) -> list[Promise]:
    """All but those that were cancelled before anybody heard of them."""
    theirs = select(Promise).where(Promise.response_id == response.id, ~Promise.is_cancelled)
    return list(db.session.scalars(theirs.order_by(Promise.id)))


def _last_verdict(response: Response) -> Verdict | None:
    query = select(Verdict).where(Verdict.response_id == response.id)
    return db.session.scalar(query.order_by(Verdict.id.desc()).limit(1))


def _title(response: Response) -> str:
    survey = response.survey
    return survey.title_in(response.language)


def _answers(response: Response, kinds: Collection[str] = ASKED) -> tuple[Given, ...]:
    """The newest version of each answer to questions of some kinds, in the order of the questions."""
    said = (a for a in newest(response) if a.question.kind in kinds)
    language = response.language
    return tuple(
        Given(_prompt(a, language), answer_words(a, language), a.question.kind == "long_text") for a in said
    )


def _prompt(answer: Answer, language: str) -> str:
    prompt = answer.question.prompt
    return prompt.get(language) or next(iter(prompt.values()), "")


def _days(owed: Promise, now: datetime) -> int:
    timezone = owed.response.survey.organisation.timezone
    due = owed.due_on or clock.local_date(owed.due_at, timezone)
    return (due - clock.local_date(now, timezone)).days


def _word(update: Update) -> Word:
    return Word(update.how, update.words, update.composed_at, update.promise.who.name)


def _talk(told: tuple[Word, ...], response: Response) -> tuple[Word, ...]:
    """What a machine repeated is for colleagues alone."""
    theirs = [
        Word("reply", t.words, t.at, t.who, True, _names(t.files))
        for t in map(wrote_back, replies_to(response))
        if not t.stopped
    ]
    return tuple(sorted([*told, *theirs], key=lambda word: word.at, reverse=True)) if theirs else told


def _names(files: Iterable[Attachment]) -> tuple[tuple[str, bool], ...]:
    return tuple((file.name, not file.refused) for file in files)


def _shares(promises: list[Promise], verdict: Verdict | None) -> tuple[float, float, float, float]:
    """A ring that fills, and opens again when they said that it is not clear or not solved."""
    since = max((p.id for p in promises if p.because in REOPENED), default=0)
    outcomes = [
        u for p in promises if p.id >= since for u in p.updates if u.kind == "ending" and u.how in OUTCOMES
    ]
    last = outcomes[-1] if outcomes else None
    told = bool(last and _arrived(last))
    agreed = bool(told and last and verdict and verdict.created_at >= last.composed_at and _content(verdict))
    acted = 0.0 if not last else 0.5 if last.how == "planned" else 1.0
    return 1.0, acted, float(told), float(agreed)


def _arrived(update: Update) -> bool:
    return update.channel == "page" or bool(update.message and update.message.state == "sent")


def _content(verdict: Verdict) -> bool:
    return False not in {verdict.clear, verdict.solved}


def _asked_again(response: Response) -> datetime | None:
    """When they were asked once more, if they were."""
    asked = select(CheckBack.asked_at).where(CheckBack.response_id == response.id)
    return db.session.scalar(asked.order_by(CheckBack.id.desc()).limit(1))


def _asks(owed: Promise | None, endings: list[Update], *, again: bool) -> tuple[str, ...]:
    if not owed and not endings:
        return ()
    return ("clear", "solved") if endings and (again or endings[-1].how in SOLVABLE) else ("clear",)


def _judged(
    promises: list[Promise], endings: list[Update], verdict: Verdict | None, asked_again: datetime | None
) -> bool:
    taken_over = {p.id for p in promises if p.ended_as == "cancelled"}
    news = [p.opened_at for p in promises if p.predecessor_id not in taken_over]
    news += [u.composed_at for u in endings]
    news += [asked_again] if asked_again else []
    return bool(verdict and verdict.created_at >= max(news))


def _unsubscribed(response: Response) -> bool:
    return bool(response.identity and is_blocked(response.identity))
