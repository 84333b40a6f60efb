"""Many answers at once are recorded exactly as each of them would be by itself."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import Base, db, writing
from core.models import Event
from customers.models import Customer, Identity
from customers.recognising import Contact
from promises.models import Promise
from surveys.answering import Submission, submit
from surveys.answering_many import submit_many
from surveys.models import Round, Survey
from surveys.models_responses import Answer, Response
from surveys.versions import published
from triage.models import Comment
from triage.models_index import CommentIndex

TABLES = (Customer, Identity, Round, Response, Answer, Promise, Comment, CommentIndex, Event)


def sent(now: datetime) -> list[Submission]:
    """Strangers, acquaintances, the same person twice, an address that is somebody else's, and the same answer twice."""
    contacts = [
        Contact("Rita", "RITA@example.com"), Contact("", "new@example.org", language="en"), Contact("New", "new@example.org", "06 1"),
        Contact("Other", "other@example.org", "06 1", "K-1"), Contact("", "", "", "K-1"), Contact(), Contact("No Address"),
    ]  # fmt: skip
    made = [
        Submission(
            {"csat": (float(n % 5 + 1), None), **({"comment": (None, f"Nummer {n}: ik maak u dood.")} if n % 2 else {})}, "nl", f"n{n}",
            contact, "none" if n == 4 else "mail", "import", now - timedelta(days=20 * n), history=n == 2,
        )
        for n, contact in enumerate(contacts)
    ]  # fmt: skip
    return [*made, made[0]]


def rows_of(table: type[Base]) -> list[dict[str, Any]]:
    """All but the number of an audit line: they are in another order."""
    left = {"id"} if table is Event else set()
    columns = [c for c in table.__table__.columns if c.name not in left]
    found = db.session.execute(
        select(*columns).order_by(*(c for c in columns if str(c.type) != "JSON"))
    ).all()
    return [dict(row._mapping) for row in found]


def test_the_rows_are_the_same(survey: Survey, now: datetime) -> None:
    def one_by_one() -> None:
        for each in sent(now):
            submit(survey, each, now)

    def together() -> None:
        version = published(survey)
        assert version
        assert submit_many(survey, version, sent(now), now) == 7

    assert written(together) == written(one_by_one)


class _NotKept(Exception):
    """Nothing of what was written stays."""


def written(how: Callable[[], object]) -> dict[str, list[dict[str, Any]]]:
    """What it writes."""
    found: dict[str, list[dict[str, Any]]] = {}
    with suppress(_NotKept), writing():
        how()
        db.session.flush()
        found = {table.__tablename__: rows_of(table) for table in TABLES}
        raise _NotKept
    return found


@pytest.mark.both_databases
def test_nothing_is_recorded_twice(survey: Survey, now: datetime) -> None:
    version = published(survey)
    assert version
    for expected in (7, 0):
        with writing():
            assert submit_many(db.session.merge(survey), version, sent(now), now) == expected
