"""Counts that stop: nobody reads the difference between thousands, and a database walks past each of them."""

from typing import Any

from flask_babel import format_decimal
from sqlalchemy import Select, func, select

from core.db import db

MANY = 1_000


def up_to_many(query: Select[Any]) -> int:
    """How many rows, at most MANY + 1."""
    some = query.limit(MANY + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def counted(n: int) -> str:
    """The number as people read it; "1,000+" for what was not counted further."""
    return f"{format_decimal(MANY)}+" if n > MANY else str(format_decimal(n))
