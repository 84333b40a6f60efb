"""A row of a file as an answer, or the sentence that says why it cannot be one."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from core.errors import DomainError
from core.languages import WRITTEN
from core.spreadsheets.csv_reading import LONGEST_CELL
from core.text import as_typed, one_line, search_key
from customers.recognising import Contact, checked_address
from surveys import showing
from surveys.answering import Submission
from surveys.imports.columns import QUESTION, Columns
from surveys.kinds import KINDS
from surveys.models import Question, Survey, Version
from surveys.showing import Given

FIRST_YEAR = 2000
NOON = time(12)
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?:[ T,]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?"
)
_NUMBER = re.compile(r"([0-9]{1,3})[.,]0+")
_ID = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(slots=True)
class Reader:
    """Reads the rows of one file in their order: of rows that are alike each is one answer, the first, the second …

    `is_history` says by its moment whether nobody is told about an answer.
    """

    survey: Survey
    version: Version
    columns: Columns
    is_history: Callable[[datetime | None], bool]
    now: datetime
    seen: Counter[bytes] = field(default_factory=Counter)

    def submission(self, cells: Sequence[str]) -> Submission:
        """DomainError with a sentence for the first thing that does not fit."""
        contact, answers = self._contact(cells), self._answers(cells)
        at = self.moment(cells)
        history = self.is_history(at)
        if history and not at:
            raise DomainError(_("It does not say when it was given, and history needs that."))
        return Submission(
            answers=answers, contact=contact, language=contact.language, wants=self._wants(cells, contact), source="import",
            nonce=self._nonce(cells, contact, answers), submitted_at=at, history=history,
        )  # fmt: skip

    def own_id(self, cells: Sequence[str]) -> int | None:
        """What may be the number of an answer of ours, in a file that we wrote ourselves."""
        said = self.columns.cell(cells, "id")
        return int(said) if _ID.fullmatch(said) else None

    def _contact(self, cells: Sequence[str]) -> Contact:
        cell, email = self.columns.cell, self.columns.cell(cells, "email")
        return Contact(
            name=one_line(cell(cells, "name")), email=checked_address(email) if email else "", phone=one_line(cell(cells, "phone"), 40),
            external_id=one_line(cell(cells, "external_id")), language=self._language(cells),
        )  # fmt: skip

    def _language(self, cells: Sequence[str]) -> str:
        said = self.columns.cell(cells, "language").casefold()
        if said and said not in WRITTEN:
            codes = ", ".join(WRITTEN)
            raise DomainError(
                _(
                    "There is no language “%(code)s” here. Give one of: %(codes)s.",
                    code=said[:20],
                    codes=codes,
                )
            )
        return said or self.survey.language

    def _wants(self, cells: Sequence[str], contact: Contact) -> str:
        """Whoever left no address at all hears on a page of their own."""
        if self.columns.cell(cells, "channel").casefold() == "none":
            return "none"
        return "mail" if contact.email or contact.phone or contact.external_id else "page"

    def moment(self, cells: Sequence[str]) -> datetime | None:
        said = self.columns.cell(cells, "submitted_at")
        if not said:
            return None
        at = moment_of(said, self.survey.organisation.timezone)
        if at > self.now:
            raise DomainError(_("An answer cannot have been given in the future."))
        if at.year < FIRST_YEAR:
            raise DomainError(_("An answer cannot have been given before %(year)s.", year=FIRST_YEAR))
        return at

    def _answers(self, cells: Sequence[str]) -> dict[str, Given]:
        """In order; what would not have been asked is dropped."""
        values: dict[str, Given] = {}
        for question in self.version.questions:
            given = value(question, self.columns.typed(cells, QUESTION + question.key))
            if given and showing.is_asked(question, self.version, values):
                values[question.key] = given
        if not values:
            raise DomainError(_("It holds no answer."))
        return values

    def _nonce(self, cells: Sequence[str], contact: Contact, answers: Mapping[str, Given]) -> str:
        """The same row of the same file gives the same answer, however often it is read."""
        if said := self.columns.cell(cells, "id"):
            return f"csv {sha256(said.encode(errors='replace')).hexdigest()[:40]}"
        who = [search_key(part) for part in (contact.name, contact.email, contact.phone, contact.external_id)]
        held = json.dumps([self.columns.cell(cells, "submitted_at"), who, answers])
        digest = sha256(held.encode(errors="replace")).digest()
        self.seen[digest[:16]] += 1
        return f"csv {digest.hex()[:40]} {self.seen[digest[:16]]}"


def value(question: Question, cell: str) -> Given | None:
    """The answer in a cell: as programs write it, as a spreadsheet does, or in the words that people chose."""
    if not cell.strip() or question.kind == "contact":
        return None
    read = KINDS[question.kind].read
    sent = _sent(question, cell)
    try:
        found = read(question, sent)
    except DomainError:
        found = read(question, _by_words(question, sent))
    return (found.number, found.text) if found else None


def _sent(question: Question, typed: str) -> Any:
    """Words as they were typed; of everything else without the spaces around it."""
    if question.kind in {"short_text", "long_text"}:
        return typed
    cell = as_typed(typed, LONGEST_CELL).strip()
    if KINDS[question.kind].composed:
        return _composed(question, cell)
    if question.kind == "date" and (written := _DAY_FIRST.fullmatch(cell)):
        return _day(written).isoformat()
    whole = _NUMBER.fullmatch(cell) if KINDS[question.kind].steps else None
    return whole[1] if whole else cell


def _composed(question: Question, cell: str) -> Any:
    """JSON, as we write it; several out of a list may be parted by semicolons."""
    if cell.startswith(("[", "{")):
        try:
            return json.loads(cell)
        except ValueError:
            pass
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    return parts if question.kind in {"multiple_choice", "ranking"} else cell


def _by_words(question: Question, sent: Any) -> Any:
    """Keys instead of the words that stand beside them; what is neither stays, and is refused with its sentence."""
    known = {search_key(text): one["key"] for one in (question.options or {}).get("choices", []) for text in one["words"].values()}  # fmt: skip
    if question.kind == "yes_no":
        known = {"ja": "yes", "nee": "no", "y": "yes", "n": "no", "1": "yes", "0": "no"}
    if isinstance(sent, list):
        return [known.get(search_key(one), one) if isinstance(one, str) else one for one in sent]
    return known.get(search_key(sent), sent) if isinstance(sent, str) else sent


def moment_of(said: str, timezone: str) -> datetime:
    """ISO 8601, or a day in the order of day, month, year; without a zone by the clock of the organisation, without an hour at noon."""
    try:
        written = _DAY_FIRST.fullmatch(said)
        found = _local(_day(written), written[4]) if written else _iso(said)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DomainError(_("“%(text)s” is not a moment. Write 2026-11-26 14:05.", text=one_line(said, 40))) from None  # fmt: skip


def _iso(said: str) -> datetime:
    found = datetime.fromisoformat(said)
    return datetime.combine(found.date(), NOON) if len(said) <= len("2026-11-26") else found


def _day(written: re.Match[str]) -> date:
    try:
        return date(int(written[3]), int(written[2]), int(written[1]))
    except ValueError:
        raise DomainError(_("There is no day %(text)s.", text=written[0][:40])) from None


def _local(day: date, hour: str | None) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour.zfill(3 * hour.count(":") + 2)) if hour else NOON)
