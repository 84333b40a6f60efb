"""Addresses that hold a secret and must be read again: sealed with the key of the installation, so that a dump holds none.

Used by the child process alone, which loads what it needs for it.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

PURPOSE = b"address of an outlet:"


def seal(text: str, keys: Sequence[str]) -> str:
    """With the first key; the same text gives something else each time."""
    return _fernet(keys).encrypt(text.encode()).decode()


def unseal(sealed: str, keys: Sequence[str]) -> str | None:
    """None when none of these keys sealed it."""
    try:
        return _fernet(keys).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _fernet(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(PURPOSE + k.encode()).digest())) for k in keys])
