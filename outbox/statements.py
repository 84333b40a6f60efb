"""What a sender runs for every mail. Each UPDATE repeats owner and fence of the claim, and says how many rows it touched."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Table,
    bindparam,
    exists,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)

from core.db import connection
from outbox.claiming import message
from outbox.letters import Letter
from outbox.models import Attempt, Suppression
from outbox.prepared import Prepared
from outbox.streams import stream_sql
from outbox.suppressing import BLOCKED

attempt = cast(Table, Attempt.__table__)


def _mine(whose: str) -> ColumnElement[bool]:
    """The row of a letter, as long as it is ours by this claim."""
    return (
        (message.c.id == bindparam(f"{whose}_id"))
        & (message.c.owner == bindparam(f"{whose}_owner"))
        & (message.c.fence == bindparam(f"{whose}_fence"))
    )


def mine(whose: str, owner: str, letter: Letter) -> dict[str, Any]:
    """What a statement asks for about its `last` or `next` letter."""
    return {f"{whose}_id": letter.id, f"{whose}_owner": owner, f"{whose}_fence": letter.fence}


_blocked = exists().where(
    Suppression.organisation_id == message.c.organisation_id,
    Suppression.address_hash == message.c.recipient_key,
    (Suppression.stream == literal_column("''")) | (Suppression.stream == stream_sql()),
)
_is_claimed = message.c.state == literal_column("'claimed'")
_mark = (
    update(message)
    .where(_mine("next"), _is_claimed, ~_blocked)
    .values(state=literal_column("'transmitting'"))
)
_settle = (
    update(message)
    .where(_mine("last"))
    .values(
        state=bindparam("to"),
        owner=null(),
        lease_until=null(),
        next_attempt_at=bindparam("due"),
        tries=message.c.tries + 1,
        sent_at=bindparam("sent"),
        server_reply=bindparam("reply"),
    )
)
_try = insert(attempt).values(
    {
        name: bindparam(f"try_{name}", type_=attempt.c[name].type)
        for name in ("message_id", "message_key", "at", "outcome", "server", "code", "reply", "against_us")
    }
)
_settled, _marked = (s.returning(message.c.id).cte(n) for s, n in ((_settle, "settled"), (_mark, "marked")))

MARK, SETTLE, TRY = Prepared(_mark), Prepared(_settle), Prepared(_try)
BLOCK = Prepared(
    update(message)
    .where(_mine("next"), _is_claimed, _blocked)
    .values(state="suppressed", owner=null(), lease_until=null(), server_reply=BLOCKED)
)
ALL_AT_ONCE = Prepared(
    select(*(select(func.count()).select_from(of).scalar_subquery() for of in (_settled, _marked))).add_cte(
        _try.cte("tried")
    )
)
"""For PostgreSQL: a round trip costs more there than a statement. SQLite has none, and cannot write in a CTE."""


def try_settle_and_mark(values: dict[str, Any]) -> Sequence[int]:
    """How many rows were settled, and marked."""
    if connection().dialect.name != "sqlite":
        return ALL_AT_ONCE.row(values)
    TRY.execute(values)
    return SETTLE.execute(values), MARK.execute(values)
