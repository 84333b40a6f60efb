"""Every answer to a survey for a spreadsheet: the rows and columns of the CSV, with heads in words, moments and numbers as such."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.db import db
from core.spreadsheets.csv_files import Row
from followup.exports import exporting_answers
from surveys.models import SCALE_KINDS, Question, Survey, Version

MOMENTS = ("Submitted at", "Promise due", "Told at")
Read = Callable[[Any], Any]


def sheet(survey: Survey, now: datetime) -> tuple[Row, Iterator[Row]]:
    """Heads in the reader's language, and the rows. Moments are by the clock of the organisation, which their heads name."""
    timezone, numbered = survey.organisation.timezone, _numbered(survey.id)
    pages = exporting_answers.pages(survey, now)
    (names,) = next(pages)
    keys = slice(len(exporting_answers.BEFORE), len(names) - len(exporting_answers.AFTER))
    heads = [_head(name, timezone) for name in names]
    heads[keys] = names[keys]
    reads = [_moment(timezone) if name in MOMENTS else _as_it_is for name in names]
    reads[keys] = [_number if key in numbered else _as_it_is for key in names[keys]]
    rows = (
        tuple(read(cell) for read, cell in zip(reads, row, strict=True)) for page in pages for row in page
    )
    return tuple(heads), rows


def _head(name: str, timezone: str) -> str:
    words: dict[str, str] = {
        "Response ID": _("Response ID"), "Submitted at": _("Submitted at"), "Survey": _("Survey"), "Channel": _("Channel"),
        "Language": _("Language"), "Customer": _("Customer"), "Email": _("Mail address"), "Score": _("Score"), "Themes": _("Themes"),
        "Emotion": _("Emotion"), "Actions": _("Actions"), "Promise due": _("Promise due"), "Told at": _("Told at"),
        "Confirmed": _("Confirmed"),
    }  # fmt: skip
    return f"{words[name]} ({timezone})" if name in MOMENTS else words.get(name, name)


def _numbered(survey_id: int) -> set[str]:
    """Questions that always were on a scale: their answers are numbers, where a customer number of digits is not."""
    asked = select(Question.key, Question.kind).join(Version).where(Version.survey_id == survey_id).distinct()
    kinds: dict[str, set[str]] = {}
    for key, kind in db.session.execute(asked):
        kinds.setdefault(key, set()).add(kind)
    return {key for key, found in kinds.items() if found <= set(SCALE_KINDS)}


def _as_it_is(cell: Any) -> Any:
    return cell


def _number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def _moment(timezone: str) -> Read:
    def read(cell: str) -> datetime | str:
        return clock.local(datetime.fromisoformat(cell), timezone) if cell else ""

    return read
