"""Where a response stands: told, promised, unreachable — or missing, when a row that must be there is not.

One rule, written twice: `standing()` in Python and `standing_sql()` in SQL. A test holds them together.
It looks at the last promise that was not cancelled: what was cancelled was never announced, so nobody waits for it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, select
from sqlalchemy.orm import aliased

from core.db import Rows, db
from outbox.models import LOST, Message, Suppression
from promises.models import GOES_ON, Promise, Update
from surveys.models_responses import Response

MESSAGE_MEANS = {
    "queued": "promised",
    "claimed": "promised",
    "transmitting": "promised",
    "unknown": "promised",
    "sent": "told",
    "bounced": "unreachable",
    "failed": "unreachable",
    "suppressed": "unreachable",
    "cancelled": "missing",
}
"""What the state of a response's last message says about the response. docs/operations/ledger.md prints it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is told, promised, unreachable or missing; `why` the reason, or how they were told."""

    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts the rule looks at: of the response, its last promise that was not cancelled, that one's ending, and its message."""

    erased: bool
    history: bool
    declined: bool
    promise: str | None
    """None, "open", or what it ended as: told or moved"""
    channel: str | None
    """of the ending update; None without one"""
    how: str | None
    message: str | None
    unsubscribed: bool
    planned: bool = False
    """the open promise is the outcome of a plan, and they heard of it"""


def standing(facts: Facts) -> Standing:
    for reason in ("erased", "history", "declined"):
        if getattr(facts, reason):
            return Standing("unreachable", reason)
    if facts.promise == "open":
        return Standing("promised", "planned" if facts.planned else "")
    if facts.promise != "told":
        return Standing("missing", "promise")
    return _by_ending(facts)


def _by_ending(facts: Facts) -> Standing:
    if facts.channel is None:
        return Standing("missing", "ending")
    if facts.how in GOES_ON:
        return Standing("missing", "promise")  # the next one, which it announced
    if facts.channel == "page":
        return Standing("told", facts.how or "")
    if facts.message is None:
        return Standing("missing", "message")
    state = MESSAGE_MEANS[facts.message]
    return Standing(state, _why(facts, state))


def _why(facts: Facts, state: str) -> str:
    if state == "told":
        return facts.how or ""
    if state == "unreachable":
        lost = facts.message or ""
        return (
            "unsubscribed"
            if facts.unsubscribed
            else lost
            if facts.channel == "mail"
            else f"{facts.channel}_{lost}"
        )
    return "" if state == "promised" else "message"


LastPromise = aliased(Promise)
Ending = aliased(Update)


def standing_sql() -> Rows:
    """One row a response that counts: response_id, survey_id, round_id, state, why, channel, promise_id, due_at, ending_id."""
    state, why = _state(), _why_sql()
    return _looked_at(
        select(
            Response.id.label("response_id"),
            Response.survey_id,
            Response.round_id,
            state.label("state"),
            why.label("why"),
            func.coalesce(Ending.channel, Response.channel).label("channel"),
            LastPromise.id.label("promise_id"),
            LastPromise.due_at.label("due_at"),
            Ending.id.label("ending_id"),
        )
    )


def apart_sql() -> Rows:
    """One row a response that is set apart whatever became of its promises: the first three of `Facts`."""
    columns = select(
        Response.is_erased.label("erased"),
        Response.history.label("history"),
        Response.declined_at.is_not(None).label("declined"),
    )
    return columns.where(Response.is_test.is_(False), _set_apart())


def facts_sql() -> Rows:
    """One row for any other response that counts: the rest of `Facts`, in its order, each column read once.

    What is asked of few (did they leave, did they hear a plan) is asked of no others: the database would.
    """
    blocked = select(Suppression.id).where(_left(Suppression)).correlate(Message).exists()
    return _looked_at(
        select(
            case((LastPromise.id.is_not(None), func.coalesce(LastPromise.ended_as, "open"))).label("promise"),
            Ending.channel.label("channel"),
            Ending.how.label("how"),
            Message.state.label("message"),
            case((Message.state.in_(LOST), blocked), else_=false()).label("unsubscribed"),
            case((_is_open() & (LastPromise.kind == "outcome"), _heard_a_plan()), else_=false()).label(
                "planned"
            ),
        ),
        suppressions=False,
    ).where(~_set_apart())


def _looked_at(query: Rows, suppressions: bool = True) -> Rows:
    """The rows that the rule looks at, of every response that counts."""
    query = (
        query.select_from(Response)
        .outerjoin(LastPromise, LastPromise.id == _last_promise_id())
        .outerjoin(Ending, and_(Ending.promise_id == LastPromise.id, Ending.kind == "ending"))
        .outerjoin(Message, carries(Ending))
        .where(Response.is_test.is_(False))
    )
    return query.outerjoin(Suppression, _suppressed()) if suppressions else query


def carries(update: Any) -> ColumnElement[bool]:
    """The message of an update: its number leads there fast, its key proves that it is no other under a number used again."""
    return and_(Message.id == update.message_id, Message.key == update.message_key)


def _last_promise_id() -> ColumnElement[int]:
    """Read from the end of theirs: the one before it is looked at only where the last was cancelled."""
    own = aliased(Promise)
    of_theirs = (own.response_id == Response.id) & ~own.is_cancelled
    return select(own.id).where(of_theirs).order_by(own.id.desc()).limit(1).scalar_subquery()


def _suppressed() -> ColumnElement[bool]:
    """The one row that says so: an address may have left all mail and service mail by two."""
    own = aliased(Suppression)
    return Suppression.id == select(func.min(own.id)).where(_left(own)).correlate(Message).scalar_subquery()


def _left(block: Any) -> ColumnElement[bool]:
    """Who reads this message asked for no more of it."""
    return and_(
        block.organisation_id == Message.organisation_id,
        block.address_hash == Message.recipient_key,
        block.reason == "unsubscribed",
        block.stream.in_(("", "service")),
    )


def _state() -> ColumnElement[str]:
    return case(
        (_set_apart(), literal("unreachable")),
        (_is_open(), literal("promised")),
        (func.coalesce(LastPromise.ended_as, "") != "told", literal("missing")),
        (Ending.id.is_(None), literal("missing")),
        (Ending.how.in_(GOES_ON), literal("missing")),
        (Ending.channel == "page", literal("told")),
        *((Message.state == state, literal(meaning)) for state, meaning in MESSAGE_MEANS.items()),
        else_=literal("missing"),
    )


def _is_open() -> ColumnElement[bool]:
    return and_(LastPromise.id.is_not(None), LastPromise.ended_at.is_(None))


def _heard_a_plan() -> ColumnElement[bool]:
    """An outcome is owed to them, and the message that said so has arrived."""
    said, carrier = aliased(Update), aliased(Message)
    arrived = (
        select(said.id)
        .outerjoin(carrier, and_(carrier.id == said.message_id, carrier.key == said.message_key))
        .where(said.promise_id == LastPromise.id, said.kind == "receipt")
        .where((said.channel == "page") | (carrier.state == "sent"))
    )
    return and_(LastPromise.kind == "outcome", arrived.exists())


def _set_apart() -> ColumnElement[bool]:
    return Response.is_erased | Response.history.is_(True) | Response.declined_at.is_not(None)


def _why_sql() -> ColumnElement[str]:
    return case(
        (Response.is_erased, literal("erased")),
        (Response.history.is_(True), literal("history")),
        (Response.declined_at.is_not(None), literal("declined")),
        (_is_open() & _heard_a_plan(), literal("planned")),
        (_is_open(), literal("")),
        (func.coalesce(LastPromise.ended_as, "") != "told", literal("promise")),
        (Ending.id.is_(None), literal("ending")),
        (Ending.how.in_(GOES_ON), literal("promise")),
        ((Ending.channel == "page") | (Message.state == "sent"), Ending.how),
        (Message.state.in_([s for s, means in MESSAGE_MEANS.items() if means == "promised"]), literal("")),
        (Message.id.is_(None) | (Message.state == "cancelled"), literal("message")),
        (Suppression.id.is_not(None), literal("unsubscribed")),
        (Ending.channel == "mail", Message.state),
        else_=Ending.channel.concat("_").concat(Message.state),
    )


def of(response: Response) -> Standing:
    """Where one response stands, by the SQL rule."""
    row = db.session.execute(standing_sql().where(Response.id == response.id)).one()
    return Standing(row.state, row.why)
