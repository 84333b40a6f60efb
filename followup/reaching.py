"""Who is reached by what is about to be told: how many, through which channel, in which language; who not, and why."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from core.db import Rows, db
from customers.models import Identity
from outbox.suppressing import blocked, suppression
from surveys.models_responses import Response

Ids = Collection[int] | Select[Any]
"""Ids of responses, or a query for them."""


@dataclass(frozen=True, slots=True)
class Hearers:
    """People: what goes to one address counts once, a page is one response's."""

    by: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(channel, language) → how many"""
    not_reached: Counter[str] = field(default_factory=Counter)
    """a reason of the ledger → how many"""

    @property
    def mail(self) -> int:
        return self.channels["mail"]

    @property
    def messages(self) -> int:
        """By any channel: what is put on somebody's own page is none."""
        return self.reached - self.page

    @property
    def reached(self) -> int:
        return sum(self.by.values())

    @property
    def page(self) -> int:
        return self.channels["page"]

    @property
    def channels(self) -> Counter[str]:
        """channel → how many"""
        found: Counter[str] = Counter()
        for (channel, _language), n in self.by.items():
            found[channel] += n
        return found

    @property
    def languages(self) -> Counter[str]:
        """language → how many read in it, the most first"""
        found: Counter[str] = Counter()
        for (_, language), n in self.by.most_common():
            found[language] += n
        return found

    def without(self, words: Collection[str]) -> dict[str, int]:
        """language → how many chose it, where nobody wrote words in it."""
        return {language: n for language, n in self.languages.most_common() if language not in words}


def hearers(organisation_id: int, responses: Ids) -> Hearers:
    """Whom words about these responses would reach; the same rule as `grouped` and `unreachable`, for any number."""
    found, people = Hearers(), {}
    for row in db.session.execute(_rows(responses)):
        if reason := _set_apart(row):
            found.not_reached[reason] += 1
        else:
            people[_key(row)] = row
    closed = blocked(organisation_id, {p.value for p in people.values() if _by_message(p)})
    for person in people.values():
        if _by_message(person) and person.value in closed:
            found.not_reached[_blocked(closed[person.value])] += 1
        else:
            found.by[person.channel if _by_message(person) else "page", person.language] += 1
    return found


def _rows(responses: Ids) -> Rows:
    return (
        select(
            Response.id,
            Response.identity_id,
            Response.channel,
            Response.language,
            Response.erased_at,
            Response.history,
            Response.declined_at,
            Identity.value,
        )
        .outerjoin(Identity, Identity.id == Response.identity_id)
        .where(Response.id.in_(responses))
        .order_by(Response.id)
    )


def _key(response: Any) -> str:
    return f"{response.channel}{response.identity_id}" if _by_message(response) else f"r{response.id}"


def _by_message(response: Any) -> bool:
    """They are told by a message to an address of theirs."""
    return bool(response.channel != "page" and response.identity_id)


def _set_apart(response: Any) -> str:
    reasons = (
        ("erased", response.erased_at),
        ("history", response.history),
        ("declined", response.declined_at),
    )
    return next((reason for reason, so in reasons if so), "")


def _blocked(reason: str) -> str:
    return "unsubscribed" if reason == "unsubscribed" else "suppressed"


def grouped(responses: Iterable[Response]) -> Iterator[list[Response]]:
    """What goes to one address goes in one message; a page is one response's."""
    groups: dict[str, dict[int, Response]] = {}
    for response in responses:
        groups.setdefault(_key(response), {})[response.id] = response
    yield from (list(group.values()) for group in groups.values())


def unreachable(response: Response) -> str:
    """Why this respondent will not be told: a reason of the ledger, or nothing."""
    reason = _set_apart(response)
    if reason or response.channel == "page" or not response.identity:
        return reason
    held = suppression(response.organisation_id, response.identity.value)
    return _blocked(held.reason) if held else ""
