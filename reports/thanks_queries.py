"""From rows to cases: who was thanked with a code, of those who could have been.

That is whoever first heard what came of it while the survey gave codes, and had none by another answer: one is given in the
word that says what came of it, once a person. What may come from a machine gets none.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, bindparam, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from core.db import Rows, UTCDateTime, db
from core.rows import among, some, these
from customers.models import Customer
from followup.rewards.models import Pool, RewardCode
from reports.period import Period
from surveys.models_responses import Response


class Thanks:
    """What is known of the codes of a survey; without a pool nothing is asked of anybody."""

    def __init__(self, period: Period) -> None:
        self._as_of = period.as_of
        found = select(Pool.id, Pool.since, Pool.stopped_at).where(Pool.survey_id == period.survey.id)
        self._pool: Any = db.session.execute(found).first()

    def given(self, ids: list[int]) -> dict[int, bool]:
        """answer → whether the code that its giver has is by this answer; without one it is not there"""
        if not self._pool:
            return {}
        rows = some(_HAD, ids=ids, pool=self._pool.id, as_of=self._as_of)
        return {response_id: bool(by_this) for response_id, by_this in rows}

    def thanked(self, row: Any, owed: dict[str, Any], had: dict[int, bool]) -> bool | None:
        if not (self._pool and row.is_sound and self._gave(owed.get("outcome_at"))):
            return None
        return None if had.get(row.id) is False else row.id in had

    def _gave(self, heard_at: datetime | None) -> bool:
        until = self._pool.stopped_at or self._as_of
        return heard_at is not None and self._pool.since <= heard_at <= until


def _had() -> Rows:
    """Theirs by this answer, whoever they are by now; else theirs as a person."""
    by_this, by_another = aliased(RewardCode), aliased(RewardCode)
    whose = func.coalesce(Customer.merged_into_id, Customer.id)
    person = case(
        (Customer.id.is_not(None), literal("c").concat(cast(whose, String))),
        else_=literal("r").concat(cast(Response.id, String)),
    )
    given = bindparam("as_of", type_=UTCDateTime())
    theirs = and_(by_another.pool_id == bindparam("pool"), by_another.person == person, by_another.given_at <= given)  # fmt: skip
    return (
        select(Response.id, by_this.id.is_not(None))
        .outerjoin(Customer, Customer.id == Response.customer_id)
        .outerjoin(by_this, and_(by_this.response_id == Response.id, by_this.given_at <= given))
        .outerjoin(by_another, theirs)
        .where(among(Response.id, these()), or_(by_this.id.is_not(None), by_another.id.is_not(None)))
    )


_HAD = _had()
