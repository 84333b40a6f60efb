"""Exactly what each respondent will read, before anybody is told: the same letter, rendered in the same way."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from core import clock, links
from followup.carrying import written_today
from followup.letters import Letter, Piece, letter, page_words, piece, render
from followup.planning import owed_for, plans_of
from followup.reaching import people, unreachable
from promises.models import Promise
from promises.opening import due, follower
from surveys.models import Response
from triage.commenting import comments_of
from triage.models import Action, Comment
from triage.tagging import open_promise_of

LINK = "/…"
"""Stands for a personal link, which only the respondent gets."""


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
class Unreached:
    """Somebody who will not be told, and why: a reason of the ledger."""

    name: str
    response_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Previews:
    mails: list[Preview] = field(default_factory=list)
    pages: list[Preview] = field(default_factory=list)
    unreached: list[Unreached] = field(default_factory=list)

    @property
    def reasons(self) -> dict[str, int]:
        """reason → people"""
        return dict(Counter(one.reason for one in self.unreached))


@dataclass(frozen=True, slots=True)
class _New:
    """What is about to be told: one action about these comments."""

    action: Action
    comments: Collection[Comment]
    now: datetime

    def of(self, response: Response) -> list[Comment]:
        return [c for c in self.comments if c.response_id == response.id]


def previews(comments: Collection[Comment], action: Action, now: datetime) -> Previews:
    """Who will read what about `action`, which need not be kept yet."""
    found, new = Previews(), _New(action, comments, now)
    for responses in people(comments):
        first = responses[0]
        if reason := unreachable(first):
            found.unreached.extend(Unreached(_name(r), r.id, reason) for r in responses)
        elif first.channel == "mail":
            found.mails.append(_mail(responses, new))
        else:
            found.pages.append(_page(first, new))
    return found


def _name(response: Response) -> str:
    return response.customer.name if response.customer else ""


def _mail(responses: list[Response], new: _New) -> Preview:
    promises = [_promise(r, new.now) for r in responses]
    pieces = tuple(_piece(r, new, links.public_url(f"/f{LINK}")) for r in responses)
    last = responses[-1]
    written = letter(
        "update", last, promises[-1], new.now, pieces=pieces, unsubscribe=links.public_url(f"/u{LINK}")
    )
    rendered = render(written, last.language)
    return _preview(responses, new, rendered.subject, rendered.text, tomorrow=_waits(last, promises, new.now))


def _page(response: Response, new: _New) -> Preview:
    promise = _promise(response, new.now)
    written: Letter = letter("update", response, promise, new.now, pieces=(_piece(response, new, ""),))
    return _preview([response], new, "", page_words(written, response.language))


def _preview(
    responses: list[Response], new: _New, subject: str, text: str, *, tomorrow: bool = False
) -> Preview:
    last = responses[-1]
    return Preview(
        name=_name(last), to=last.identity.value if last.identity and subject else "", language=last.language,
        subject=subject, text=text, comments=sum(len(new.of(r)) for r in responses),
        waiting=sum(_others_waiting(r, new) for r in responses),
        foreign=not new.action.public_note.get(last.language), tomorrow=tomorrow,
    )  # fmt: skip


def _others_waiting(response: Response, new: _New) -> int:
    chosen = {c.id for c in new.of(response)}
    return sum(c.state(new.now) == "open" for c in comments_of(response) if c.id not in chosen)


def _piece(response: Response, new: _New, status: str) -> Piece:
    """As composing makes it: what was tagged and not told yet, and the new action last."""
    told: list[tuple[Comment, Action]] = []
    for comment in comments_of(response):
        told += [(comment, t.action) for t in comment.tags if t.told_at is None and t.withdrawn_at is None]
        told += [(comment, new.action)] if comment in new.comments else []
    quotes = list(dict.fromkeys(c.text for c, _action in told if c.text))
    actions = list(dict.fromkeys(action for _comment, action in told))
    return piece(response, quotes, actions, status, announced=_announced(response, actions, new.now))


def _announced(response: Response, actions: list[Action], now: datetime) -> Promise | None:
    """What the same message will promise, where something is planned; not kept."""
    owed = owed_for(response, plans_of(response, actions), now)
    if not owed:
        return None
    return Promise(
        organisation_id=response.organisation_id, response=response, kind=owed.kind, because="planned",
        who=follower(response.survey, now, owed.who), channel=response.channel, due_at=owed.due_at, due_on=owed.due_on, opened_at=now,
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
    urgent = any(p.due_at <= tonight for p in promises)
    return not urgent and bool(response.identity and written_today(response.identity, timezone, now))
