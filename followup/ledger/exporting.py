"""The ledger as a file: one line a respondent, down to the words of the server."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from core.api.rest import iso
from core.db import db
from core.rows import among
from core.settings import settings
from core.spreadsheets.csv_files import Row
from outbox.models import Message
from promises.ledger import Scope
from promises.models import Update
from promises.paging import pages as numbers
from promises.standing import carries, standing_sql
from surveys.models import Round, Survey
from surveys.models_responses import Response

BATCH = 1000
HEADER = (
    "Response ID", "Submitted at", "Survey", "Round", "State", "How", "Reason", "Channel", "Promise due", "Told at",
    "Message ID", "Server reply",
)  # fmt: skip
"""The same in every language: programs read it too."""


def pages(scope: Scope) -> Iterator[list[Row]]:
    """The header, then everybody, oldest first; no transaction stays open while a page is on its way to the reader."""
    yield [HEADER]
    for ids in numbers(scope, BATCH):
        found = _lines(ids)
        db.session.rollback()
        yield [_line(found[id]) for id in ids if id in found]


def _lines(ids: Sequence[int]) -> dict[int, Any]:
    stands = standing_sql().where(among(Response.id, ids)).subquery()
    query = (
        select(
            stands, Response.submitted_at, Survey.slug, Round.starts_on, Update.composed_at, Update.message_key,
            Message.state.label("message"), Message.sent_at, Message.server_reply,
        )
        .select_from(stands)
        .join(Response, Response.id == stands.c.response_id)
        .join(Survey, Survey.id == Response.survey_id)
        .join(Round, Round.id == Response.round_id)
        .outerjoin(Update, Update.id == stands.c.ending_id)
        .outerjoin(Message, carries(Update))
    )  # fmt: skip
    return {row.response_id: row for row in db.session.execute(query)}


def _line(row: Any) -> Row:
    told = row.state == "told"
    return (
        row.response_id, iso(row.submitted_at), row.slug, f"{row.starts_on:%Y-%m}", row.state, row.why if told else "",
        "" if told else row.why, row.channel, iso(row.due_at), iso(row.sent_at or row.composed_at) if told else "",
        f"<{row.message_key}@{settings().domain}>" if row.message_key else "", row.server_reply,
    )  # fmt: skip
