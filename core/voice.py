"""*U* or *je*: how Dutch addresses people is the organisation's choice, on pages and in mails alike.

A second catalogue, `je.po`, holds the familiar form of every text that speaks to its reader; where it is
silent, or a language has none, the one of `messages.po` is used.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from babel import Locale, dates
from babel.support import Translations
from flask import current_app, g, has_app_context
from flask_babel import Domain, force_locale, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from core.languages import spoken
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
        """Kept where Flask-Babel keeps the locale, and forgotten by it whenever that is forced to be another one."""
        if not has_app_context():
            return NullTranslations()
        found: NullTranslations | None = getattr(_asked(), "babel_translations", None)
        if found is None:
            found = self._chosen()
            vars(_asked())["babel_translations"] = found
        return found

    def _chosen(self) -> NullTranslations:
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
    if asked := _asked():
        asked.babel_translations = None


def gettext(text: str, **named: Any) -> str:
    """What Flask-Babel says, which asks for every word anew who speaks which language: for words that many read."""
    said = _translations().gettext(text)
    return said % named if named else said


def ngettext(one: str, many: str, n: int) -> str:
    return _translations().ngettext(one, many, n)


@pass_eval_context
def in_template(place: EvalContext, text: str, **named: Any) -> str:
    """`_` of templates, as Jinja's new style has it: escaped, and a format also without names. A page says it 300 times."""
    translations = _translations()
    if named:
        return _as_format(translations, text, place.autoescape) % named
    return _without_names(translations, text, place.autoescape)


@lru_cache(maxsize=4096)
def _without_names(translations: NullTranslations, text: str, escaped: bool) -> str:
    return _as_format(translations, text, escaped) % {}


@lru_cache(maxsize=4096)
def _as_format(translations: NullTranslations, text: str, escaped: bool) -> str:
    said = translations.gettext(text)
    return Markup(said) if escaped else said  # noqa: S704 - our own words


def once(macro: Callable[..., str], drawn: dict[Hashable, str], key: Hashable, *arguments: Any) -> str:
    """What a macro draws of these arguments, once in a list, which shows the same few things on each of its lines.

    `drawn` belongs to that list, `key` holds everything that the macro looks at. A filter: Jinja looks for more at each
    function that it calls.
    """
    same = (macro.name, key)  # type: ignore[attr-defined]
    if same not in drawn:
        drawn[same] = macro(*arguments)
    return drawn[same]


def _translations() -> NullTranslations:
    """Those of this request or message, without asking who speaks once they are known."""
    found: NullTranslations | None = getattr(_asked(), "babel_translations", None)
    return found or _domain().get_translations()


def _asked() -> Any:
    """What Flask-Babel keeps for this request or message; None before it was asked anything."""
    return _kept().get("_flask_babel")


def _kept() -> dict[str, Any]:
    """What `g` holds: a page asks some thousand times, and every look through the proxy finds it anew."""
    there: dict[str, Any] = vars(g._get_current_object())  # noqa: SLF001 - the way that Werkzeug documents
    return there


def _domain() -> Domain:
    domain: Domain = current_app.extensions["babel"].instance.domain_instance
    return domain


def format_date(day: date, pattern: str) -> str:
    """A day in the reader's language; the same few days are written again and again."""
    return _formatted(day, pattern, locale() or Locale("en"))


def locale() -> Locale | None:
    """Flask-Babel's, without its four steps to where it keeps it: a list asks it at each of its lines."""
    return getattr(_asked(), "babel_locale", None) or get_locale()


@lru_cache(maxsize=2048)
def _formatted(day: date, pattern: str, locale: Locale) -> str:
    return dates.format_date(day, pattern, locale)


@contextmanager
def speaking(language: str, organisation: Organisation) -> Iterator[None]:
    """Texts are in `language`, as this organisation addresses people; where we do not speak it, fixed words are in its own."""
    before, read_before = form_of_address(), g.get("read_in")
    address_as(organisation.form_of_address)
    try:
        with force_locale(spoken(language, organisation.language)):
            g.read_in = language
            yield
    finally:
        address_as(before)
        g.read_in = read_before
