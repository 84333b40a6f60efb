"""The writing aid on a terminal: a text, or a line at a time, as JSON lines."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _

from core.errors import DomainError
from triage.writing.checking import Finding, Setting, check


def read(raw: bytes) -> str:
    """The text of a file as editors save it: UTF-8, with or without a mark, any line end."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise DomainError(_("This is not text in UTF-8.")) from None


def findings(text: str, language: str, today: date, kind: str, *, lines: bool) -> Iterator[dict[str, Any]]:
    """`line` from 1; `start` and `end` in characters from the beginning of that line."""
    if not lines:
        yield from (_placed(text, found) for found in check(text, language, today, Setting(kind)))
        return
    for number, line in enumerate(text.split("\n"), 1):
        yield from (_as_json(found, number, 0) for found in check(line, language, today, Setting(kind)))


def _placed(text: str, found: Finding) -> dict[str, Any]:
    before = text[: found.start]
    return _as_json(found, before.count("\n") + 1, before.rfind("\n") + 1)


def _as_json(found: Finding, line: int, begins: int) -> dict[str, Any]:
    return {
        "line": line, "rule": found.rule, "severity": found.severity, "start": found.start - begins, "end": found.end - begins,
        "why": found.why, "instead": found.instead,
    }  # fmt: skip
