"""What the web, the clock and the commands share: settings, database, languages, templates, logs."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from babel import Locale
from flask import Flask, g, has_request_context, request, url_for
from flask_babel import Babel, format_datetime, get_locale
from jinja2 import StrictUndefined

from core import languages, logs, static_files
from core.database.counting import counted
from core.db import init_db
from core.ids import LAST, RowId
from core.languages import read_in
from core.routes import Route
from core.settings import ROOT, Settings, load_settings
from core.voice import FOLDER, Voices, format_date, gettext, in_template, ngettext, once

LANGUAGES = languages.LANGUAGES


class Application(Flask):
    """None of our views waits for another coroutine, so nobody asks that of each function at each request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def bare_app(settings: Settings | None = None) -> Flask:
    """An application with rows and words, but no pages: enough for the clock and for commands."""
    settings = settings or load_settings()
    app = Application(
        "terugkoppel",
        root_path=str(ROOT),
        template_folder="templates",
        static_folder=static_files.FOLDER,
        static_url_path=static_files.address(ROOT),
    )
    app.url_rule_class = Route
    app.url_map.converters["int"] = RowId
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.keys[0],
        SECRET_KEY_FALLBACKS=list(settings.keys[1:]),
        SEND_FILE_MAX_AGE_DEFAULT=static_files.YEAR,
    )
    logs.configure(settings.log_level)
    init_db(app, settings)
    babel = Babel(
        app,
        locale_selector=_locale,
        timezone_selector=_timezone,
        default_translation_directories=str(FOLDER),
    )
    babel.domain_instance = Voices()
    _init_templates(app)
    return app


def _locale() -> Locale:
    return _known(_language())


@cache
def _known(language: str) -> Locale:
    """Flask-Babel takes a name too, and reads it anew for each page."""
    return Locale.parse(language)


def _language() -> str:
    """The reader's: said by the page (`g.language`), else by the browser, else Dutch. Commands and programs read English."""
    said = g.get("language")
    if said in LANGUAGES:
        return str(said)
    if not has_request_context():
        return "en"
    return request.accept_languages.best_match(LANGUAGES) or (
        "en" if request.path.startswith("/api/") else "nl"
    )


def _timezone() -> str:
    return str(g.get("timezone") or "Europe/Amsterdam")


def _init_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        words=words,
        language_name=language_name,
        counted=counted,
        once=once,
        address_of=address_of,
        plain=str,
    )
    app.jinja_env.globals.update(_=in_template, locale_dir=locale_dir, locale_code=locale_code)


def day(value: date) -> str:
    """Friday 4 December 2026, in the reader's language."""
    return format_date(value, "EEEE d MMMM y")


def moment(value: datetime) -> str:
    """4 December 2026, 14:05 on the reader's clock."""
    return format_datetime(value, "d MMMM y, HH:mm")


def words(by_language: dict[str, str], fallback: str = "") -> str:
    """The words in the reader's language, else in the fallback language, else in any there is."""
    return by_language.get(read_in()) or by_language.get(fallback) or next(iter(by_language.values()), "")


def address_of(endpoint: str, name: str, id: int, args: dict[str, str]) -> str:
    """The address of one of many, which differ in a number alone: built once a page. `name`: what the route calls it."""
    built: dict[tuple[object, ...], list[str]] = g.setdefault("addresses", {})
    same = (endpoint, name, *args.items())
    if same not in built:
        values: dict[str, Any] = {**args, name: LAST}
        built[same] = url_for(endpoint, **values).split(str(LAST), 1)
    return str(id).join(built[same])


def language_name(language: str) -> str:
    """German, Duits: in the reader's language."""
    return Locale.parse(language).get_display_name(get_locale()) or language


def locale_code() -> str:
    """In which the fixed words are."""
    locale: Locale | None = get_locale()
    return locale.language if locale else "en"


def locale_dir() -> str:
    locale: Locale | None = get_locale()
    return locale.text_direction if locale else "ltr"
