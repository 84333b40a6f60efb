"""What a manager adds to the public page of what is kept: words in each language it is there in, as they were typed."""

from collections.abc import Mapping
from datetime import datetime

from core import audit
from core.keeping import row_of
from core.languages import Said, in_language
from core.models import Organisation
from core.text import as_typed
from reports.retention.keeping import own_row

WORDS = 2000
"""Characters, in each language."""


def add_words(organisation_id: int, words: Mapping[str, str], now: datetime) -> list[str]:
    """Inside `writing()`: languages in which they changed; the audit line keeps these, not the words."""
    kept = {language: as_typed(text, WORDS).strip() for language, text in words.items() if text.strip()}
    row = own_row(organisation_id)
    changed = sorted(code for code in {*kept, *row.words} if kept.get(code) != row.words.get(code))
    if changed:
        row.words = kept
        audit.record("keeping.words", row, now, languages=changed)
    return changed


def added_words(organisation: Organisation, language: str) -> Said:
    """In the reader's language, else in the organisation's, else in the one there is; empty where none were added."""
    row = row_of(organisation.id)
    return in_language(row.words if row else {}, language, organisation.language)
