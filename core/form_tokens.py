"""Tokens of public forms: stateless, without a cookie, each with a nonce that is used once.

A scanner that posts a form it never opened has no token; a page sent twice has the same nonce, which
is UNIQUE on the row it makes, so the second time shows what the first one did.
"""

import hmac
import secrets
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from itsdangerous import BadData, HMACAlgorithm, TimestampSigner

from core.errors import DomainError
from core.settings import settings

DAY = 86_400


def issue(purpose: str) -> str:
    """A signed token with a fresh nonce, for one page."""
    return _signer(purpose).sign(secrets.token_urlsafe(16)).decode()


def nonce(purpose: str, token: str) -> str:
    """The nonce of a genuine token of the last 28 days; DomainError otherwise, with what to do."""
    try:
        return _signer(purpose).unsign(token, max_age=28 * DAY).decode()
    except BadData:
        raise DomainError(
            _("This page had been open for too long. Your words are still here: please send them again.")
        ) from None


def nonce_or_say(purpose: str, token: str, on_top: list[Any], otherwise: str = "") -> str:
    """The same; empty for any other token, with the sentence, or `otherwise`, among those on top of the form."""
    try:
        return nonce(purpose, token)
    except DomainError as error:
        on_top.append(otherwise or error.sentence)
        return ""


def _signer(purpose: str) -> "_Signer":
    return _by_keys(purpose, tuple(settings().keys))


@lru_cache(256)
def _by_keys(purpose: str, keys: tuple[str, ...]) -> "_Signer":
    """Making one costs more than signing with it."""
    return _Signer(list(reversed(keys)), salt=f"form:{purpose}", algorithm=_InOneGo())


class _InOneGo(HMACAlgorithm):
    """The same signature by the function that takes key and words at once."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        signed: bytes = hmac.digest(key, value, "sha1")
        return signed


class _Signer(TimestampSigner):
    """The library's, which derives its key from ours at each signature: here once."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._derived = {key: TimestampSigner.derive_key(self, key) for key in self.secret_keys}

    def derive_key(self, secret_key: Any = None) -> bytes:
        return self._derived[secret_key or self.secret_key]
