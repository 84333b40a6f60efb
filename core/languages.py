"""Two lists: the languages that the product itself speaks, and the longer one of those that a survey may be written in.

Whoever reads a survey in a language of the second list alone reads the fixed words (buttons, errors, letters) in the
organisation's language, and each piece says in which language it is, for screen readers and for its direction.
"""

from functools import cache
from typing import Any, Self

from babel import Locale
from flask import g
from flask_babel import get_locale
from markupsafe import Markup, escape

LANGUAGES = ("nl", "en")
"""In which every fixed word is there: `translations/`."""
WRITTEN = (*LANGUAGES, "de", "fr", "es", "it", "pt", "pl", "ro", "bg", "uk", "ru", "tr", "ar", "fa", "zh")
"""In which a survey may have words of its own."""


def spoken(language: str, fallback: str) -> str:
    """In which language the fixed words stand for whoever reads `language`."""
    if language in LANGUAGES:
        return language
    return fallback if fallback in LANGUAGES else LANGUAGES[0]


def direction(language: str) -> str:
    """ltr or rtl"""
    return Locale.parse(language).text_direction if language in WRITTEN else "auto"


@cache
def own_name(language: str, within: str = "") -> str:
    """Deutsch: as those who speak it call it; or as it is called `within` another."""
    return Locale.parse(language).get_display_name(within or language) or language


def read_in() -> str:
    """The language of whoever reads this page or letter: what they chose, else that of the fixed words."""
    chosen = g.get("read_in") if g else ""
    return str(chosen or _fixed())


def _fixed() -> str:
    locale = get_locale()
    return locale.language if locale else ""


class Said(str):
    """Words of a survey's own that know in which language they are, and say so where they stand between words of another.

    It is a plain text everywhere but in HTML: an attribute or a title takes `str()` of it, since those hold no mark-up.
    """

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Self:
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __html__(self) -> Markup:
        words = escape(str(self))
        if not self or not self.language or self.language == _fixed():
            return words
        return Markup('<span lang="{}" dir="{}">{}</span>').format(
            self.language, direction(self.language), words
        )

    def __reduce__(self) -> Any:
        return Said, (str(self), self.language)


def in_language(words: dict[str, str], language: str, fallback: str = "") -> Said:
    """The words in a language, else in the fallback language, else in the first there are."""
    for code in (language, fallback):
        if words.get(code):
            return Said(words[code], code)
    first = next(iter(words.items()), ("", ""))
    return Said(first[1], first[0])
