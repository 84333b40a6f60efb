"""Many answers in little time, for tests and benchmarks of what happens to a crowd. Call inside `writing()`."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from core.db import db
from customers.models import Customer, Identity
from promises.models import Promise, Update
from promises.opening import due
from surveys.models import Survey, Version
from surveys.models_responses import Answer, Response
from surveys.rounds import round_of
from triage.models import Action, Comment, Tag

CHUNK = 5_000


def crowd(
    survey: Survey, n: int, now: datetime, *, mail: bool = False, people: int = 0,
    by: tuple[datetime, date | None] | None = None, tagged: Action | None = None,
) -> list[int]:  # fmt: skip
    """Ids of so many answers with a comment, each owed a word that was announced; `by`: (moment, local day) it is due.

    On pages, unless `mail`: then to as many addresses, or only to those of so many `people`. `tagged`: released at once.
    """
    first, made = 1 + max(_last(model) for model in (Response, Answer, Comment, Promise)), range(n)
    for start in range(0, n, CHUNK):
        some = made[start : start + CHUNK]
        _insert(survey, [first + i for i in some], now, people or n if mail else 0, by or due(survey, now))
    if tagged:
        _tag(survey, [first + i for i in made], tagged, now)
    return [first + i for i in made]


def _last(model: type[Any]) -> int:
    return db.session.scalar(select(func.max(model.id))) or 0


def _insert(
    survey: Survey, ids: list[int], now: datetime, people: int, by: tuple[datetime, date | None]
) -> None:
    version = db.session.scalars(select(Version).where(Version.survey_id == survey.id)).one()
    round, comment = round_of(survey, now), next(q for q in version.questions if q.key == "comment")
    whose, channel = survey.organisation_id, "mail" if people else "page"
    written_to = _addresses(whose, ids[:people], now) if people else [None]
    rows: dict[type[Any], Callable[[int], dict[str, Any]]] = {
        Response: lambda i: {
            "id": i, "organisation_id": whose, "survey_id": survey.id, "version_id": version.id, "round_id": round, "channel": channel,
            "language": "en", "nonce": f"crowd{i}", "submitted_at": now, "received_at": now,
            "customer_id": written_to[i % len(written_to)], "identity_id": written_to[i % len(written_to)],
        },
        Answer: lambda i: {"id": i, "response_id": i, "question_id": comment.id, "text": "The box was torn."},
        Comment: lambda i: {"id": i, "organisation_id": whose, "response_id": i, "answer_id": i, "created_at": now},
        Promise: lambda i: {
            "id": i, "organisation_id": whose, "response_id": i, "kind": "update", "because": "answer", "who_id": survey.signer_id,
            "channel": channel, "due_at": by[0], "due_on": by[1], "opened_at": now,
        },
        Update: lambda i: {
            "organisation_id": whose, "promise_id": i, "kind": "receipt", "how": "receipt", "channel": "page", "composed_at": now,
        },
    }  # fmt: skip
    for model, row in rows.items():
        db.session.execute(insert(model), [row(i) for i in ids])
    _count_on([model for model in rows if model is not Update])


def _addresses(organisation_id: int, ids: list[int], now: datetime) -> list[int]:
    """A person and their address have the same number."""
    same = {"organisation_id": organisation_id, "created_at": now}
    db.session.execute(insert(Customer), [{"id": 1000 + i, "name": f"Person {i}", **same} for i in ids])
    db.session.execute(
        insert(Identity),
        [
            {"id": 1000 + i, "customer_id": 1000 + i, "kind": "mail", "value": f"p{i}@example.com", "key": f"p{i}@example.com", **same}
            for i in ids
        ],
    )  # fmt: skip
    _count_on([Customer, Identity])
    return [1000 + i for i in ids]


def _tag(survey: Survey, ids: list[int], action: Action, now: datetime) -> None:
    row = {
        "organisation_id": survey.organisation_id,
        "action_id": action.id,
        "tagged_at": now,
        "release_at": now,
    }
    db.session.execute(insert(Tag), [{**row, "comment_id": id} for id in ids])


def _count_on(models: Any) -> None:
    """PostgreSQL counts by itself only what it numbered itself."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for model in models:
        table = model.__tablename__
        last = select(func.max(model.id)).scalar_subquery()
        db.session.execute(select(func.setval(func.pg_get_serial_sequence(table, "id"), last)))
