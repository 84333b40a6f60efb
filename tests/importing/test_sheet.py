"""All answers as a spreadsheet: the rows of the CSV, with heads in words, and numbers and moments that are such."""

import csv
import io
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from python_calamine import CalamineWorkbook

from core.db import db, writing
from core.spreadsheets.xlsx_files import xlsx_file
from followup.exports import exporting_answers, exporting_sheets
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import theme
from tests.loop import answered
from triage.commenting import comments_of

HEADS = [
    "Response ID", "Submitted at (Europe/Amsterdam)", "Survey", "Channel", "Language", "Customer", "Mail address", "Score", "csat", "comment",
    "Themes", "Emotion", "Actions", "Promise due (Europe/Amsterdam)", "Told at (Europe/Amsterdam)", "Confirmed",
]  # fmt: skip


def read(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_manager_takes_it_from_the_page_of_the_survey(
    alice: Colleague, bob: Colleague, survey: Survey, people: Cast, now: datetime
) -> None:
    box = theme(people, "=cmd|' /C calc'!A0", "Boxes")
    with writing():
        (comment,) = comments_of(answered(db.session.merge(survey), now, "0612345678"))
        comment.themes = [box]
    address = f"/surveys/{survey.id}/responses.xlsx"
    assert address in alice.get(f"/surveys/{survey.id}").text
    heads, row = read(alice.get(address).data)
    assert heads == HEADS
    said = dict(zip(heads, row, strict=True))
    assert (said["Score"], said["csat"]) == (2, 2), "numbers"
    assert (said["comment"], said["Themes"]) == ("0612345678", "=cmd|' /C calc'!A0"), (
        "text, as it was written"
    )
    assert said["Submitted at (Europe/Amsterdam)"] == datetime(2026, 11, 23, 10, 30)  # noqa: DTZ001 - a sheet knows no zones
    assert bob.get(address).status_code == 403


def test_it_holds_what_the_csv_holds_in_the_same_order(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    with writing():
        for n in range(5):
            answered(
                db.session.merge(survey), now, "" if n % 2 else "Torn.", email=f"{n}@example.com", score=n + 1
            )
    address = f"/surveys/{survey.id}/responses"
    written = list(csv.reader(io.StringIO(alice.get(f"{address}.csv").data.decode("utf-8-sig"), newline="")))
    sheet = read(alice.get(f"{address}.xlsx").data)
    assert len(sheet) == len(written) == 6
    plain = [n for n, head in enumerate(written[0]) if head not in exporting_sheets.MOMENTS]
    for row, line in zip(sheet[1:], written[1:], strict=True):
        assert [f"{c:g}" if isinstance(c, float) else c for c in row][plain[0] : plain[0] + 1] == [
            line[plain[0]]
        ]
        assert [f"{row[n]:g}" if isinstance(row[n], float) else row[n] for n in plain] == [
            line[n] for n in plain
        ]


def test_its_heads_are_the_readers(survey: Survey, now: datetime) -> None:
    with force_locale("nl"):
        heads, rows = exporting_sheets.sheet(db.session.merge(survey), now)
        assert heads[:2] == ("Reactienummer", "Verstuurd op (Europe/Amsterdam)")
        assert list(rows) == []
        with xlsx_file("Reacties", heads, ()) as file:
            assert read(file.read()) == [list(heads)]
    assert len(heads) == len(next(exporting_answers.pages(db.session.merge(survey), now))[0])
