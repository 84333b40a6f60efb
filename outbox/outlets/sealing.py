"""Addresses that hold a secret and must be read again: sealed with the key of the installation, so that a dump holds none.

Used by the child process alone, which loads what it needs for it.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

PURPOSE = b"address of an outlet:"


def seal(text: str, keys: Sequence[str]) -> str:
    """With the first key; the same text gives something else each time."""
    return b64encode(_box(keys[0]).encrypt(text.encode())).decode()


def unseal(sealed: str, keys: Sequence[str]) -> str | None:
    """None when none of these keys sealed it."""
    for key in keys:
        try:
            return _box(key).decrypt(b64decode(sealed)).decode()
        except (CryptoError, ValueError):
            continue
    return None


def _box(key: str) -> SecretBox:
    return SecretBox(sha256(PURPOSE + key.encode()).digest())
