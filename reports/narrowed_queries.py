"""How many of those who answered in a period hear by which channel, and answered in which language."""

from dataclasses import replace

from sqlalchemy import func, select

from core.db import db
from core.errors import DomainError
from reports.narrowing import EVERYBODY, TOO_SMALL, may_be_shown
from reports.period import Period
from surveys.models_responses import Response


def check_size(period: Period) -> None:
    """DomainError where the part that is asked for is too small to be shown, or leaves too few others."""
    if period.only and not may_be_shown(_people(period), period.only):
        raise DomainError(str(TOO_SMALL))


def _people(period: Period) -> dict[tuple[str, str], int]:
    pair = Response.channel, Response.language
    query = select(*pair, func.count()).where(Response.is_test.is_(False)).group_by(*pair)
    everybody = replace(period, only=EVERYBODY).scope
    return {(channel, language): n for channel, language, n in db.session.execute(everybody.within(query))}
