"""What somebody typed on a page that could not be saved: shown again, ready to be sent once more."""

from dataclasses import dataclass

from flask import request

NEVER_KEPT = ("password", "csrf_token")
SHORT = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One field of a form: `words` are shown and may be changed, the others travel unseen."""

    name: str
    value: str
    words: bool


def kept_words() -> list[Kept]:
    """The fields of this request, without passwords and tokens of the session."""
    if not request.form:
        return []
    return [Kept(name, value, _is_words(value)) for name, value in request.form.items(multi=True) if _may_be_kept(name)]


def _may_be_kept(name: str) -> bool:
    return not any(part in name for part in NEVER_KEPT)


def _is_words(value: str) -> bool:
    """A sentence, not a number, a choice or a token."""
    return len(value.split()) > 1 or (len(value) > SHORT and value.isalpha())
