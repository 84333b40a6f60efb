"""What somebody typed on a page that could not be saved: shown again, ready to be sent once more."""

from dataclasses import dataclass

from flask import request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.exceptions import RequestEntityTooLarge

from core.settings import settings

NEVER_KEPT = ("password", "csrf_token")
LONG = 20


@dataclass(frozen=True, slots=True)
class Field:
    """`words` are shown and may be changed; a number, a choice or a token travels unseen."""

    name: str
    value: str
    words: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent to `path`, without passwords and tokens of the session."""

    path: str
    fields: tuple[Field, ...]


def kept() -> Kept | None:
    """The form of this request; None when nothing was typed."""
    try:
        typed = [(name, value) for name, value in request.form.items(multi=True) if _may_be_kept(name)]
    except RequestEntityTooLarge:
        return None
    return _kept(request.full_path.rstrip("?"), typed) if typed else None


def pack(form: Kept | None) -> str:
    """The form as one signed word, to be carried through the sign-in page."""
    return _signer().dumps([form.path, [(f.name, f.value) for f in form.fields]]) if form else ""


def unpack(word: str) -> Kept | None:
    try:
        return _kept(*_signer().loads(word)) if word else None
    except BadData:
        return None


def _kept(path: str, typed: list[tuple[str, str]]) -> Kept:
    return Kept(path, tuple(Field(name, value, _is_words(value)) for name, value in typed))


def _may_be_kept(name: str) -> bool:
    return not any(part in name for part in NEVER_KEPT)


def _is_words(value: str) -> bool:
    return len(value.split()) > 1 or (len(value) > LONG and value.isalpha())


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(list(reversed(settings().keys)), salt="kept words")
