"""Words as people type them: kept as they are, refused only where no system could keep them."""

import re
import unicodedata

from flask_babel import gettext as _

from core.errors import DomainError

COMMENT_LIMIT = 5_000
WITHOUT_SPACES = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts that put no space between words: there each letter is looked for by itself."""
_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")
_WORD = re.compile(f"[{WITHOUT_SPACES}]|[^\\W_{WITHOUT_SPACES}]+")


def as_typed(text: str, limit: int = COMMENT_LIMIT) -> str:
    """The text, unchanged but for line ends; DomainError with a sentence when it cannot be kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _NOT_KEPT.search(text):
        raise DomainError(not_kept())
    if len(text) > limit:
        raise DomainError(
            _("This text is %(n)d characters long; there is room for %(limit)d.", n=len(text), limit=limit)
        )
    return text


def not_kept() -> str:
    return _("This text holds a character that cannot be kept. Please leave it out.")


def one_line(text: str, limit: int = 200) -> str:
    """A name or a title: control characters and line ends become spaces."""
    spaced = (
        text
        if text.isprintable()
        else "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} else c for c in text)
    )
    return " ".join(spaced.split())[:limit]


def search_key(text: str) -> str:
    """What is compared: casefolded and normalised, since SQLite compares only ASCII without case."""
    return unicodedata.normalize("NFC", text).casefold().strip()


def spellings(words: str) -> list[str]:
    """The usual ways to write the same words, to be looked for in a text that is kept as it was typed.

    SQLite compares only ASCII without case, and no database takes é and e with an accent for the same letter.
    """
    cased = {words, words.lower(), words.upper(), words.capitalize(), words.title()}
    return sorted({unicodedata.normalize(form, w) for w in cased for form in ("NFC", "NFD")} | {words})


def word_keys(text: str) -> list[str]:
    """Each word once, as it is compared in a search: without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold()
    letters = plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))
    return list(dict.fromkeys(word[:60] for word in _WORD.findall(letters)))
