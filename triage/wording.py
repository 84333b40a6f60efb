"""The words for emotions and kinds of action, and the public words of an action as they are read."""

from datetime import date

from flask_babel import force_locale, format_date
from flask_babel import lazy_gettext as _l

from surveys.emotions import EMOTIONS
from triage.models import Action

CHANNELS = {
    "mail": _l("by mail"),
    "page": _l("on their own page"),
    "phone": _l("by phone"),
    "letter": _l("by letter"),
    "sms": _l("by text message"),
}
"""How somebody hears back."""
WAYS = {
    "web": _l("survey"),
    "phone": _l("phone"),
    "api": _l("another system"),
    "import": _l("imported file"),
}
"""How an answer came in."""
KINDS = {
    "done": _l("Done: it has changed"),
    "planned": _l("Planned: it will change by a date"),
    "wont_do": _l("We will not do this, and say why"),
    "already": _l("It is so already, and this is how"),
    "thanks": _l("Thanks: nothing needs to change"),
}
"""What was decided, as staff choose it."""


def emotion(key: str | None) -> str:
    """How a comment sounds, in the reader's language."""
    return str(EMOTIONS.get(key or "", key or ""))


def way(source: str) -> str:
    """How an answer came in, in the reader's language."""
    return str(WAYS.get(source, source))


def dated(words: str, action: Action, language: str) -> str:
    """Staff may write {due_on} and {done_on}: the date as the reader writes it. No other braces mean anything."""
    if "{" not in words:
        return words
    with force_locale(language):
        for name in ("due_on", "done_on"):
            day: date | None = getattr(action, name)
            words = words.replace(f"{{{name}}}", format_date(day, "d MMMM y") if day else "")
    return words
