"""Files as other tools write them, and what came of them."""

from sqlalchemy import select

from core.db import db
from surveys.models_responses import Response

HEADER = "Response ID,Submitted at,Customer,Email,csat,comment"


def rows(count: int, start: int = 1) -> str:
    """A file with so many different people."""
    lines = (f"A-{n},2026-11-02T10:{n % 60:02}:00Z,Person {n},p{n}@example.com,{n % 5 + 1},Comment {n}" for n in range(start, start + count))  # fmt: skip
    return "\n".join([HEADER, *lines, ""])


def responses() -> list[Response]:
    return list(db.session.scalars(select(Response).order_by(Response.id)))


def said(response: Response) -> dict[str, float | str | None]:
    return {a.question.key: a.number if a.number is not None else a.text for a in response.answers}
