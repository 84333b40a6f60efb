"""What an answer hears that nobody came to: off unless a manager chose the words and after how many days."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from core import audit
from core.errors import DomainError
from core.text import as_typed
from surveys.models import Survey

WORDS = 2000
LONGEST = 365


def choose_closing(survey: Survey, days: int | None, words: Mapping[str, str], now: datetime) -> None:
    """`days` None: off, and the words are kept for another time. DomainError when something is missing."""
    kept = {language: as_typed(text, WORDS).strip() for language, text in words.items() if text.strip()}
    if days is not None and not 1 <= days <= LONGEST:
        raise DomainError(_("Give a number from 1 to %(most)d.", most=LONGEST))
    if days is not None and not kept.get(survey.language):
        raise DomainError(_("Write the words in the language of the survey first."))
    survey.closing_days, survey.closing_words = days, kept
    audit.record("survey.closing_chosen", survey, now, days=days)
