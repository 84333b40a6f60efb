"""One customer: every address, every answer they gave, and where each of them stands."""

from dataclasses import dataclass
from datetime import date

from flask import g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import clock
from core.access import Role, allowed, load, require
from core.db import db
from customers.models import Customer
from customers.queries import line
from promises.standing import standing_sql
from promises.views import blueprint
from surveys.models import Response

MOST = 200
"""Answers of one person that are shown."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One answer: `state` and `why` as in the ledger, `due_on` when a word is owed."""

    id: int
    survey: dict[str, str]
    score: int | None
    submitted_on: date
    state: str
    why: str
    due_on: date | None


@blueprint.get("/customers/<int:customer_id>")
@require(Role.viewer)
def customer_page(customer_id: int) -> ResponseReturnValue:
    customer = load(Customer, customer_id)
    return render_template(
        "promises/customer.html", line=line(customer, g.timezone), stands=_stands(customer, g.timezone), may_manage=allowed(Role.manager)
    )  # fmt: skip


def _stands(customer: Customer, timezone: str) -> list[Stand]:
    """Newest first."""
    given = (
        select(Response)
        .where(Response.customer_id == customer.id)
        .options(joinedload(Response.survey))
        .order_by(Response.id.desc())
    )
    responses = list(db.session.scalars(given.limit(MOST)))
    rows = db.session.execute(standing_sql().where(Response.id.in_([r.id for r in responses])))
    found = {row.response_id: row for row in rows}
    return [_stand(r, found.get(r.id), timezone) for r in responses]


def _stand(response: Response, row: object, timezone: str) -> Stand:
    """A test has no standing: it is no answer that counts."""
    state, why, due_at = (getattr(row, name, None) for name in ("state", "why", "due_at"))
    return Stand(
        response.id, response.survey.title, response.score, clock.local_date(response.submitted_at, timezone), state or "", why or "",
        clock.local_date(due_at, timezone) if due_at and state == "promised" else None,
    )  # fmt: skip
