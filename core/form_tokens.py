"""Tokens of public forms: stateless, without a cookie, each with a nonce that is used once.

A scanner that posts a form it never opened has no token; a page sent twice has the same nonce, which
is UNIQUE on the row it makes, so the second time shows what the first one did.
"""

import secrets
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from core.errors import DomainError
from core.settings import settings

DAY = 86_400


def issue(purpose: str) -> str:
    """A signed token with a fresh nonce, for one page."""
    return _signer(purpose).dumps(secrets.token_urlsafe(16))


def nonce(purpose: str, token: str) -> str:
    """The nonce of a genuine token of the last 28 days; DomainError otherwise, with what to do."""
    try:
        text: str = _signer(purpose).loads(token, max_age=28 * DAY)
    except BadData:
        raise DomainError(
            _("This page had been open for too long. Your words are still here: please send them again.")
        ) from None
    return text


def nonce_or_say(purpose: str, token: str, on_top: list[Any], otherwise: str = "") -> str:
    """The same; empty for any other token, with the sentence, or `otherwise`, among those on top of the form."""
    try:
        return nonce(purpose, token)
    except DomainError as error:
        on_top.append(otherwise or error.sentence)
        return ""


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return _by_keys(purpose, tuple(settings().keys))


@lru_cache(256)
def _by_keys(purpose: str, keys: tuple[str, ...]) -> URLSafeTimedSerializer:
    """Making one costs more than signing with it."""
    return URLSafeTimedSerializer(list(reversed(keys)), salt=f"form:{purpose}")
