"""Slowing down whoever guesses: per account and per address, counted in rows, so that all workers count together.

A try is written down before it is judged. After ten of them within the hour each next one has to wait,
twice as long every time, five minutes at most. Nobody is locked out: a link by mail always works.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from time import monotonic, sleep

from flask_babel import ngettext
from sqlalchemy import delete, func, select

from accounts.models import SignInFailure
from core.db import db
from core.errors import DomainError
from core.links import keyed_hash
from core.text import search_key

COLLEAGUES = 5
"""How many may mistype behind one address before it has to wait."""
WINDOW, FIRST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(seconds=30), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is counted, and how many tries are free."""

    hash: str
    free: int


class TooOften(DomainError):
    """Too many tries; `wait` is how long until the next one is judged."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, wait: timedelta) -> None:
        minutes = -(-wait // timedelta(minutes=1))
        super().__init__(
            ngettext(
                "Too many tries. Try again in a minute.",
                "Too many tries. Try again in %(num)d minutes.",
                minutes,
            )
        )
        self.wait, self.seconds = wait, str(wait // timedelta(seconds=1) + 1)


def subjects(kind: str, email: str, address: str | None, free: int = 10) -> tuple[Subject, Subject]:
    """The account and the address a try comes from; of IPv6 the network, since a home has 2^64 of them."""
    return (
        Subject(keyed_hash(f"{kind}:{search_key(email)}"), free),
        Subject(keyed_hash(f"{kind}:{_network(address or '')}"), free * COLLEAGUES),
    )


def admit(tried: tuple[Subject, ...], now: datetime) -> None:
    """Write the try down; TooOften, and nothing written, when one of its subjects has to wait."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.at < now - WINDOW))
    for subject in sorted(tried, key=lambda s: s.hash):
        _one_at_a_time(subject)
        wait = _wait(subject, now)
        if wait > timedelta(0):
            raise TooOften(wait)
    db.session.add_all(SignInFailure(subject=subject.hash, at=now) for subject in tried)


def forgive(tried: tuple[Subject, Subject], now: datetime) -> None:
    """It was the right person: their account starts anew, and their address gets this one try back."""
    account, address = tried
    db.session.execute(delete(SignInFailure).where(SignInFailure.subject == account.hash))
    this = select(func.max(SignInFailure.id)).where(
        SignInFailure.subject == address.hash, SignInFailure.at <= now
    )
    db.session.execute(delete(SignInFailure).where(SignInFailure.id == this.scalar_subquery()))


def _one_at_a_time(subject: Subject) -> None:
    """PostgreSQL counts what others have not committed yet as nothing: wait for them. SQLite has one writer."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(subject.hash))))


def _wait(subject: Subject, now: datetime) -> timedelta:
    tries, last = db.session.execute(
        select(func.count(), func.max(SignInFailure.at)).where(SignInFailure.subject == subject.hash)
    ).one()
    if tries < subject.free:
        return timedelta(0)
    wait: timedelta = min(FIRST_WAIT * 2 ** min(tries - subject.free, 10), LONGEST_WAIT) - (now - last)
    return wait


def _network(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(int(ip) >> 64) if isinstance(ip, IPv6Address) and not ip.ipv4_mapped else str(ip)


@contextmanager
def at_least(length: timedelta) -> Iterator[None]:
    """What happens inside takes as long as this, so that its time tells a stranger nothing."""
    end = monotonic() + length.total_seconds()
    try:
        yield
    finally:
        sleep(max(0.0, end - monotonic()))
