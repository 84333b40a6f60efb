"""Mail that waits in a mailbox, over IMAP. A message is marked only after its row is committed: a kill in between reads it again.

Nothing is open in the database while the server is asked, and one message that cannot be taken in stops no other.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from sqlalchemy.exc import DataError

from core.db import writing
from outbox.incoming.reading import READ_LIMIT, Incoming, read
from outbox.incoming.receiving import take_in

if TYPE_CHECKING:
    from imap_tools.mailbox import BaseMailBox

log = structlog.get_logger()

SECONDS = 20
"""That a server may keep us waiting for one answer."""
AT_ONCE = 50
"""Messages of one turn: others wait for the next."""


def fetch(url: str, now: datetime) -> int:
    """Take in what nobody has read yet, oldest first; returns how many."""
    parts = urlsplit(url)
    into = parse_qs(parts.query).get("move", [""])[0]
    done = 0
    with _opened(url) as box:
        for uid in box.uids("ALL" if into else "UNSEEN")[:AT_ONCE]:
            done += _one(box, uid, into, now)
    return done


def _one(box: "BaseMailBox", uid: str, into: str, now: datetime) -> int:
    try:
        found = _read(box, uid)
        if found is None:
            return 0  # somebody took it away meanwhile
        with writing():
            take_in(found, now)
    except (ValueError, DataError):  # nobody foresaw it; it stays where it is, unread
        log.exception("alarm: a message could not be taken in", uid=uid)
        return 0
    _mark(box, uid, into)
    return 1


def _read(box: "BaseMailBox", uid: str) -> Incoming | None:
    """Of a message beyond all bounds only the beginning is asked for."""
    answer = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<0.{READ_LIMIT + 1}>)")
    raw = next((part[1] for part in answer[1] if isinstance(part, tuple)), None)
    return read(raw) if isinstance(raw, bytes) else None


def _mark(box: "BaseMailBox", uid: str, into: str) -> None:
    """Read; and out of the way where the settings say a folder."""
    box.client.uid("STORE", uid, "+FLAGS", "(\\Seen)")
    if into:
        if not box.folder.exists(into):
            box.folder.create(into)
        box.move(uid, into)


@contextmanager
def _opened(url: str) -> "Iterator[BaseMailBox]":
    """imaps:// is TLS from the start, `?starttls=1` after it, and the folder is what stands behind the host."""
    parts = urlsplit(url)
    box = _connected(url)
    try:
        box.login(unquote(parts.username or ""), unquote(parts.password or ""), None)
        box.folder.set(unquote(parts.path.strip("/")) or "INBOX")
        yield box
    finally:
        _hang_up(box)


def _connected(url: str) -> "BaseMailBox":
    from imap_tools import MailBox, MailBoxStartTls, MailBoxUnencrypted

    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        return MailBox(host, parts.port or 993, timeout=SECONDS, ssl_context=ssl.create_default_context())
    if parse_qs(parts.query).get("starttls") == ["1"]:
        return MailBoxStartTls(
            host, parts.port or 143, timeout=SECONDS, ssl_context=ssl.create_default_context()
        )
    return MailBoxUnencrypted(host, parts.port or 143, timeout=SECONDS)


def _hang_up(box: "BaseMailBox") -> None:
    """A server that is gone already is no error any more."""
    from imap_tools.errors import ImapToolsError

    try:
        box.logout()
    except (ImapToolsError, OSError, box.client.error):
        log.info("the mailbox was closed by its server")
