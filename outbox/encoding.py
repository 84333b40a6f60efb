"""Values of headers, encoded; each one is looked at, and refused when it could begin another header."""

from base64 import b64encode
from functools import lru_cache

WORD_BYTES = 45
"""UTF-8 bytes in one encoded word: 60 characters of base64 and 12 around them stay below 75."""
ROOM = 60


class UnfitError(ValueError):
    """A value that cannot stand in a header."""


def unstructured(value: str) -> str:
    """A subject or any plain text."""
    plain = checked(value).isascii() and len(value) <= ROOM and "=?" not in value
    return value if plain else encoded_words(value)


def mailbox(name: str, address: str) -> str:
    """`"Name" <address>`, folded where it may be long."""
    if not name:
        return checked(address)
    return f"{phrase(name)}\r\n <{checked(address)}>"


def phrase(name: str) -> str:
    """A display name: quoted when it is short ASCII, in encoded words otherwise."""
    if not checked(name).isascii() or len(name) > ROOM or "=?" in name:
        return encoded_words(name)
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def checked(value: str) -> str:
    """The value itself; UnfitError for a line end or another control character."""
    if not value.isprintable() and any(c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in value):
        raise UnfitError(f"a header cannot hold {value!r}")
    return value


@lru_cache(maxsize=1024)
def encoded_words(value: str) -> str:
    """RFC 2047, one word a line, no character cut in two."""
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in _pieces(value))


def _pieces(value: str) -> list[bytes]:
    pieces = [b""]
    for character in value:
        more = character.encode()
        if len(pieces[-1]) + len(more) > WORD_BYTES:
            pieces.append(b"")
        pieces[-1] += more
    return pieces
