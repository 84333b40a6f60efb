"""The ledger as a file: one line a respondent, down to the words of the server."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from core.api.rest import iso
from core.db import Rows, db
from core.settings import settings
from core.spreadsheets.csv_files import Row
from outbox.models import Message
from promises.ledger import Scope
from promises.models import Update
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
    last = 0
    while found := db.session.execute(_lines(scope).where(Response.id > last).limit(BATCH)).all():
        last = found[-1].response_id
        lines = [_line(row) for row in found]
        db.session.rollback()
        yield lines


def _lines(scope: Scope) -> Rows:
    stands = standing_sql().subquery()
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
        .order_by(Response.id)
    )  # fmt: skip
    return scope.within(query)


def _line(row: Any) -> Row:
    told = row.state == "told"
    return (
        row.response_id, iso(row.submitted_at), row.slug, f"{row.starts_on:%Y-%m}", row.state, row.why if told else "",
        "" if told else row.why, row.channel, iso(row.due_at), iso(row.sent_at or row.composed_at) if told else "",
        f"<{row.message_key}@{settings().domain}>" if row.message_key else "", row.server_reply,
    )  # fmt: skip
