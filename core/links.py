"""Links in messages: `id.version.HMAC(key, purpose …)`, computed and never stored.

Whoever reads the database learns no link, and a link for one purpose opens nothing else. A new
version of a row's link makes the old one a stranger.
"""

import base64
import hmac
import re
from hashlib import sha256

from werkzeug.exceptions import NotFound

from core.settings import settings

PATHS = {
    "status": "/f/",
    "invitation": "/i/",
    "unsubscribe": "/u/",
    "unsubscribe_survey": "/u/",
    "survey": "/s/",
    "unfinished": "/r/",
    "trial": "/t/",
    "kiosk": "/k/",
    "report": "/reports/read/",
}
_TOKEN = re.compile(r"([1-9][0-9]{0,17})\.([1-9][0-9]{0,8})\.([a-z2-7]{26})")
_LINK = re.compile(r"(/[firtu]/)([1-9][0-9]*\.[1-9][0-9]*\.[a-z2-7]{26})")
_NOTE = re.compile("\x01([a-z_]+) ([0-9]+) ([0-9]+)\x01")


def url(purpose: str, id: int, version: int = 1) -> str:
    """The absolute address of a personal page; its host comes from PUBLIC_URL, never from a request."""
    return settings().address + path(purpose, id, version)


def path(purpose: str, id: int, version: int = 1) -> str:
    return PATHS[purpose] + token(purpose, id, version)


def public_url(path: str) -> str:
    return settings().address + path


def token(purpose: str, id: int, version: int = 1) -> str:
    """ASCII in lower case, so that it also fits the local part of an address."""
    return f"{id}.{version}.{_mac(settings().keys[0], purpose, id, version)}"


def read(text: str, purpose: str) -> tuple[int, int]:
    """(id, version) of a genuine token; NotFound for any other, however it is wrong."""
    shape = _TOKEN.fullmatch(text)
    if not shape:
        raise NotFound
    id, version = int(shape[1]), int(shape[2])
    if not any(hmac.compare_digest(_mac(key, purpose, id, version), shape[3]) for key in settings().keys):
        raise NotFound
    return id, version


def _mac(key: str, purpose: str, id: int, version: int) -> str:
    digest = hmac.digest(key.encode(), f"{purpose}:{id}:{version}".encode(), sha256)
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def macs(purpose: str, id: int, version: int) -> list[str]:
    """A secret of ours that somebody else has to know, by each key that is accepted; ours first. Computed, never stored."""
    return [_mac(key, purpose, id, version) for key in settings().keys]


def short_mac(purpose: str, id: int) -> list[str]:
    """Eight signs that people can copy, by each key that is accepted; ours first. Enough where a guess wins nothing."""
    return [_mac(key, purpose, id, 1)[:8].upper() for key in settings().keys]


def is_one_of(typed: str, macs: list[str]) -> bool:
    return any([hmac.compare_digest(typed, mac) for mac in macs])  # noqa: C419 - in the same time, whichever it is


def without_tokens(text: str) -> str:
    """The text with each genuine link as a note of what it opens: what may be stored. JSON never holds \x01 by itself."""
    return _LINK.sub(_noted, text)


def with_tokens(stored: str) -> str:
    """The text that was stored, with its links computed again."""
    return _NOTE.sub(lambda note: path(note[1], int(note[2]), int(note[3])), stored)


def _noted(link: re.Match[str]) -> str:
    for purpose in (name for name, start in PATHS.items() if start == link[1]):
        try:
            id, version = read(link[2], purpose)
        except NotFound:
            continue
        return f"\x01{purpose} {id} {version}\x01"
    return link[0]


def keyed_hash(text: str) -> str:
    """A fingerprint of an address that is worth nothing without our key.

    By the oldest key that is still accepted: a new SECRET_KEY must not lift every suppression.
    """
    return hmac.digest(settings().keys[-1].encode(), f"address:{text}".encode(), sha256).hex()
