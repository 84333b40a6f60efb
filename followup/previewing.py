"""Exactly what each respondent will read, before anybody is told: the same letter, rendered in the same way."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from core import clock, links
from followup.beside import Wish
from followup.carrying import written_today
from followup.joined.saying_once import alike
from followup.letters import Letter, letter
from followup.reaching import Hearers, grouped, hearers, unreachable
from followup.rendering import page_words
from followup.spoken import in_the_words_of
from followup.telling import NewTags, Told
from promises.models import Promise
from promises.opening import due, follower
from surveys.models_responses import Response
from triage.commenting import comments_of
from triage.joining import with_the_same
from triage.models import Action, Comment
from triage.tagging import open_promise_of

LINK = "/…"
"""Stands for a personal link, which only the respondent gets."""
SHOWN = 25
"""People whose letters are shown; the others read the same words about their own."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What one person reads; `to` is empty for who reads it on their own page."""

    name: str
    to: str
    language: str
    subject: str
    text: str
    comments: int
    waiting: int
    """Comments of the same answer that still need a person: until then nothing goes out."""
    foreign: bool
    """The action has no words in their language."""
    tomorrow: bool
    """They were written to today: this waits for tomorrow."""


@dataclass(frozen=True, slots=True)
class Previews:
    """The letters of the first people, and how many there are of all."""

    mails: list[Preview] = field(default_factory=list)
    pages: list[Preview] = field(default_factory=list)
    reach: Hearers = field(default_factory=Hearers)
    by_digest: int = 0
    """People of those reached who read it in a digest only."""

    @property
    def reasons(self) -> dict[str, int]:
        """why they will not hear it → people"""
        return dict(self.reach.not_reached)

    @property
    def more(self) -> int:
        """People whose letter is not shown."""
        return self.reach.reached - len(self.mails) - len(self.pages)


def previews(
    comments: Collection[Comment], action: Action, now: datetime, most: int = SHOWN, wishes: Mapping[int, Wish] | None = None
) -> Previews:  # fmt: skip
    """Who will read what about `action`, which need not be kept yet."""
    comments = with_the_same(comments)
    responses = list(dict.fromkeys(c.response for c in comments))
    reach = hearers(responses[0].organisation_id, [r.id for r in responses]) if responses else Hearers()
    mails, pages = letters_of(responses, NewTags(action, comments, now, wishes or {}), most)
    return Previews(mails, pages, reach)


def letters_of(responses: Iterable[Response], new: Told, most: int) -> tuple[list[Preview], list[Preview]]:
    """(mails, pages) as the first `most` of those who are reached will read them."""
    reached = (group for group in grouped(r for r in responses if not unreachable(r)))
    mails, pages = [], []
    for group in islice(reached, most):
        if group[0].channel != "page" and group[0].identity:
            mails.append(_mail(group, new))
        else:
            pages.append(_page(group[0], new))
    return mails, pages


def _name(response: Response) -> str:
    return response.customer.name if response.customer else ""


def _mail(responses: list[Response], new: Told) -> Preview:
    promises = [_promise(r, new.now) for r in responses]
    pieces = alike(
        [(new.piece(r, links.public_url(f"/f{LINK}")), r) for r in responses], _complaints(responses)
    )
    last = responses[-1]
    written = letter(
        "update", last, promises[-1], new.now, pieces=pieces, unsubscribe=links.public_url(f"/u{LINK}")
    )
    rendered = in_the_words_of(last.channel, written, last.language, preview=True)
    return _preview(
        responses,
        new,
        rendered.subject,
        rendered.text,
        tomorrow=not new.at_once and _waits(last, promises, new.now),
    )


def _complaints(responses: list[Response]) -> dict[int, frozenset[int]]:
    """response → what its comments stand on the desk as one with; of one answer nothing is asked"""
    if len(responses) < 2:
        return {}
    return {r.id: frozenset(c.complaint_id for c in comments_of(r) if c.complaint_id) for r in responses}


def _page(response: Response, new: Told) -> Preview:
    promise = _promise(response, new.now)
    written: Letter = letter("update", response, promise, new.now, pieces=(new.piece(response, ""),))
    return _preview([response], new, "", page_words(written, response.language))


def _preview(
    responses: list[Response], new: Told, subject: str, text: str, *, tomorrow: bool = False
) -> Preview:
    last = responses[-1]
    return Preview(
        name=_name(last), to=last.identity.value if last.identity and subject else "", language=last.language,
        subject=subject, text=text, comments=sum(new.comments(r) for r in responses),
        waiting=sum(new.waiting(r) for r in responses), foreign=not new.speaks(last.language), tomorrow=tomorrow,
    )  # fmt: skip


def _promise(response: Response, now: datetime) -> Promise:
    """The open one, or what a tag will open for who was told before."""
    due_at, due_on = due(response.survey, now)
    return open_promise_of(response) or Promise(
        organisation_id=response.organisation_id, response=response, kind="update", because="more",
        who=follower(response.survey, now), channel=response.channel, due_at=due_at, due_on=due_on, opened_at=now,
    )  # fmt: skip


def _waits(response: Response, promises: list[Promise], now: datetime) -> bool:
    """One update a person a day, unless it falls due today."""
    timezone = response.survey.organisation.timezone
    tonight = clock.end_of_day(clock.local_date(now, timezone), timezone)
    urgent = any(p.due_at <= tonight or p.kind == "outcome" for p in promises)
    return not urgent and bool(response.identity and written_today(response.identity, timezone, now))
