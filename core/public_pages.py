"""What every page for strangers has in common: bounded forms, the reader's language, how to reach a human."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from flask import abort, g, request
from flask_babel import gettext as _
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from core.languages import LANGUAGES, WRITTEN, direction, own_name, read_in, spoken
from core.models import Organisation
from core.reach import reach
from core.text import not_kept
from core.voice import address_as

BODY_LIMIT = 64 * 1024
"""Bytes of a form that a stranger may send."""
PARTS_LIMIT = 50


def bound_form(most: int = PARTS_LIMIT) -> None:
    """Before each request of a public blueprint: 413 above 64 kB or so many parts, with what to do."""
    request.max_content_length, request.max_form_parts = BODY_LIMIT, most
    if request.method != "POST":
        return
    if (request.content_length or 0) > BODY_LIMIT:
        abort(413, _too_much())
    request.get_data()  # kept, so that what it holds can be judged as it was sent
    bound_parts(most)


def bound_parts(most: int) -> None:
    if len(list(request.form.items(multi=True))) + len(list(request.files.items(multi=True))) > most:
        abort(413, _too_much())


def _too_much() -> str:
    return _(
        "This is more than a form of ours can hold. Go back: your words are still there. Make them shorter, and send them again."
    )


def is_text() -> bool:
    """Whether a form holds text at all: a browser never sends bytes that are not UTF-8."""
    try:
        _unquoted(request.get_data()).decode()
    except UnicodeDecodeError:
        return False
    return True


def check_text(on_top: list[Any]) -> None:
    """Where it holds none, a sentence among those on top of the form."""
    if not is_text():
        on_top.append(not_kept())


def _unquoted(body: bytes) -> bytes:
    return unquote_to_bytes(body) if request.mimetype == "application/x-www-form-urlencoded" else body


def speak(organisation: Organisation, offered: Sequence[str], own: str = "") -> str:
    """The language of this page: asked for with `?lang=`, else `own`, else the browser's, else the first offered.

    `g.language` is that of the fixed words: another one, where we do not speak the one that was chosen.
    """
    known = [language for language in offered if language in WRITTEN] or list(LANGUAGES)
    asked = request.args.get("lang", "")
    said = request.headers.get("Accept-Language", "")
    chosen = asked if asked in known else own or _understood(said, tuple(known)) or known[0]
    g.language, g.read_in = spoken(chosen, organisation.language), chosen
    g.timezone = organisation.timezone
    address_as(organisation.form_of_address)
    return str(chosen)


@lru_cache(maxsize=1024)
def _understood(said: str, offered: tuple[str, ...]) -> str | None:
    """The one of these languages that a browser would rather have; all of them together say only a few things."""
    return parse_accept_header(said, LanguageAccept).best_match(offered)


def ours_and(own: str) -> list[str]:
    """The languages of a page of fixed words, and the one that its reader answered in."""
    return list(dict.fromkeys([*LANGUAGES, *([own] if own in WRITTEN else [])]))


def speak_to_anybody() -> dict[str, Any]:
    """Of a page that belongs to no organisation: what templates/base_public.html needs, in the language asked for."""
    asked = request.args.get("lang", "")
    g.language = (
        asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    )
    return {"language": g.language, "languages": [_link(code) for code in LANGUAGES]}


def letterhead(organisation: Organisation, offered: Sequence[str], now: datetime) -> dict[str, Any]:
    """What templates/base_public.html needs: whose page it is, its languages, how to reach them at this moment."""
    return {
        "organisation": organisation,
        "language": g.language,
        "reading_direction": direction(read_in()),
        "languages": tuple(_link(code) for code in offered if code in WRITTEN),
        "reach": reach(organisation, now),
        "embed": request.args.get("embed") == "1",
    }


def _link(code: str) -> tuple[str, str, str, bool]:
    """(code, its own name, this page in it, whether it is the present one)"""
    query = {**request.args.to_dict(), "lang": code}
    return (
        code,
        own_name(code),
        f"{request.path}?{urlencode(query)}",
        code == read_in(),
    )
