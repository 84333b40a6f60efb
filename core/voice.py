"""*U* or *je*: how Dutch addresses people is the organisation's choice, on pages and in mails alike.

A second catalogue, `je.po`, holds the familiar form of every text that speaks to its reader; where it is
silent, or a language has none, the one of `messages.po` is used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from babel.support import Translations
from flask import g
from flask_babel import Domain, force_locale, get_locale

from core.models import Organisation
from core.settings import ROOT

FOLDER = ROOT / "translations"
FAMILIAR = "je"


class Voices(Domain):
    """The texts of the reader's language, in the form of address of this page or message."""

    def __init__(self) -> None:
        super().__init__(str(FOLDER))
        self._familiar: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        formal = super().get_translations()
        return self._over(formal, str(get_locale())) if form_of_address() == FAMILIAR else formal

    def _over(self, formal: NullTranslations, locale: str) -> NullTranslations:
        if locale not in self._familiar:
            familiar = Translations.load(str(FOLDER), [locale], FAMILIAR)
            familiar.add_fallback(formal)
            self._familiar[locale] = familiar
        return self._familiar[locale]


def form_of_address() -> str:
    """Of this page or message: u, je, or nothing where nobody was named."""
    return str(g.get("address_as", ""))


def address_as(form: str) -> None:
    """For the rest of this request."""
    g.address_as = form


@contextmanager
def speaking(language: str, organisation: Organisation) -> Iterator[None]:
    """Texts are in `language`, as this organisation addresses people."""
    before = form_of_address()
    address_as(organisation.form_of_address)
    try:
        with force_locale(language):
            yield
    finally:
        address_as(before)
