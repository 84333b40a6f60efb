"""What is kept for how long: a list of categories, each with its usual period and those that can be chosen.

An organisation's own choice is a row; what it does not say is as usual. Days, since months are of unlike length.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.db import db
from core.models_keeping import Keeping

QUARTER, HALF, YEAR = 90, 180, 365
LONG = (YEAR, 2 * YEAR, 3 * YEAR, 5 * YEAR, 7 * YEAR)
Period = int | None
"""Days; None: without end."""


@dataclass(frozen=True, slots=True)
class Category:
    """`quiet`: nothing that a customer said or heard goes with it, so nobody is written to before the first time."""

    key: str
    usual: Period
    choices: tuple[Period, ...]
    quiet: bool = False


CATEGORIES = {
    c.key: c
    for c in (
        Category("answers", 2 * YEAR, (QUARTER, HALF, *LONG, None)),
        Category("unnamed", None, (QUARTER, HALF, *LONG, None)),
        Category("messages", YEAR, (QUARTER, HALF, *LONG, None)),
        Category("incoming", YEAR, (QUARTER, HALF, *LONG, None)),
        Category("invitations", YEAR, (HALF, *LONG, None)),  # nobody is asked again within ninety days
        Category("unfinished", 14, (7, 14, 30), quiet=True),
        Category("reports", 5 * YEAR, (*LONG, None)),
        Category("technical", HALF, (30, QUARTER, HALF, YEAR, 2 * YEAR), quiet=True),
        Category("sign_ins", QUARTER, (30, QUARTER, HALF, YEAR), quiet=True),
    )
}
"""In the order in which they are forgotten, and in which the page shows them."""


def row_of(organisation_id: int) -> Keeping | None:
    return db.session.scalar(select(Keeping).where(Keeping.organisation_id == organisation_id))


def kept(organisation_id: int) -> dict[str, Period]:
    """category → how long it is kept now."""
    return periods(row_of(organisation_id))


def periods(row: Keeping | None) -> dict[str, Period]:
    chosen = row.days if row else {}
    return {key: chosen.get(key, c.usual) for key, c in CATEGORIES.items()}


def is_shorter(new: Period, old: Period) -> bool:
    return new is not None and (old is None or new < old)


def until(period: Period, now: datetime) -> datetime | None:
    """What is older is past its time; None where nothing ever is."""
    return None if period is None else now - timedelta(days=period)


def unfinished_for(organisation_id: int) -> timedelta:
    """How long what somebody began to answer is kept: their page says so."""
    return timedelta(days=kept(organisation_id)["unfinished"] or 0)


def unfinished_by_organisation() -> Iterable[tuple[int, timedelta]]:
    """(organisation, how long) of those that chose another period than the usual one."""
    found = db.session.execute(select(Keeping.organisation_id, Keeping.days)).all()
    return [(id, timedelta(days=period)) for id, days in found if (period := days.get("unfinished"))]


UNFINISHED = timedelta(days=CATEGORIES["unfinished"].usual or 0)
