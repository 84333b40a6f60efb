"""What is seen of a walk: numbered sentences, the words of pages and mails, and the ticks in between."""

from collections.abc import Callable, Collection
from textwrap import fill, wrap
from threading import Event
from time import monotonic

from sqlalchemy import select

from core import clock
from core.db import db
from core.models import Organisation
from core.settings import settings
from outbox.models import Message
from outbox.slots import address, filled
from promises.ledger import Ledger, Scope, ledger
from scheduler import TICKS

WIDTH = 96
MARGIN = "     │ "
PATIENCE = 150.0
"""Seconds; a slow server and a slow renderer are waited for."""


class Watcher:
    """Tells what happens, a numbered sentence for each step."""

    def __init__(self, echo: Callable[[str], None]) -> None:
        self.echo, self.steps = echo, 0

    def say(self, sentence: str) -> None:
        self.steps += 1
        self.echo("")
        self.echo(
            fill(
                sentence,
                WIDTH,
                initial_indent=f"{self.steps:3}. ",
                subsequent_indent=" " * 5,
                break_long_words=False,
            )
        )

    def quote(self, words: str, lines: int | None = None) -> None:
        """Words of a page or a mail in a margin of their own; `lines`: only so many of them."""
        for line in words.strip().splitlines()[:lines]:
            for part in wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]:
                self.echo(f"{MARGIN}{part}".rstrip())

    def tick_until(self, done: Callable[[], bool]) -> None:
        """Everything that is due, again until it is done: another clock may have it in hand. What goes wrong in a tick ends the walk."""
        end = monotonic() + PATIENCE
        while True:
            for tick in TICKS:
                tick.work(clock.now())
            db.session.rollback()  # what others did meanwhile is read
            if done() or monotonic() > end:
                return
            Event().wait(0.2)

    def tick_until_tried(self, recipients: Collection[str], *kinds: str) -> None:
        """Until each of them was written to."""
        self.tick_until(lambda: all(self.is_tried(mail, kinds) for mail in recipients))

    def is_tried(self, recipient: str, kinds: Collection[str]) -> bool:
        """Whether one of these messages to this address was handed to a server, whatever it said."""
        to_them = select(Message).where(Message.recipient == recipient, Message.kind.in_(kinds))
        found = db.session.scalars(to_them.order_by(Message.id.desc()).limit(1)).first()
        return bool(
            found
            and found.state not in {"claimed", "transmitting"}
            and (found.tries or found.state != "queued")
        )

    def show_mail(self, recipient: str) -> None:
        """The newest message to this address, as its reader sees it, and what the server said."""
        message = _newest(recipient)
        text = filled(message.text, message.slot, message.links)
        self.quote(f"To: {recipient}\nSubject: {message.subject}\n\n{text}")
        self.echo(f"     {message.state}: {message.server_reply or 'no server has answered yet'}")

    def own_page(self, recipient: str) -> str:
        """The address of the reader's own page, as it stands in their newest message."""
        links = _newest(recipient).links.items()
        return next(address(target) for name, target in links if name.startswith("status"))

    def ledger(self, organisation: str) -> Ledger:
        query = select(Organisation.id).where(Organisation.slug == organisation)
        return ledger(Scope(db.session.scalars(query).one()))


def _newest(recipient: str) -> Message:
    query = select(Message).where(Message.recipient == recipient).order_by(Message.id.desc()).limit(1)
    return db.session.scalars(query).one()


def way_out() -> str:
    """How mail leaves this installation, in words."""
    return "real SMTP" if settings().smtp_url else "no SMTP_URL is set: to /mailbox"


def equation(found: Ledger) -> str:
    return f"responses={found.responses} told={found.told} promised={found.promised} unreachable={found.unreached}"
