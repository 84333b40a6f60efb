"""Many comments as they lie on desks after years: a first few thousand made row by row, then doubled by the database itself."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, column, func, insert, literal, select, table, text

from core import clock
from core.db import db, writing
from promises.models import Promise
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from surveys.rounds import round_of
from triage.acting import Decision, decide
from triage.indexing import index
from triage.models import EMOTIONS, Action, Comment, Tag
from triage.models_index import CommentIndex
from triage.themes.models import Theme, comment_theme

FIRST = 10_000
WORDS = "ix_comment_index_tokens"
"""How the names of the indexes over words begin."""
_INDEXES = table("pg_indexes", column("indexname"), column("indexdef"))
OPEN_OF = 20
"""One in so many needs a person."""
THEMES = 12
MOVED = {
    Response: ("id",), Answer: ("id", "response_id"), Comment: ("id", "response_id", "answer_id"), Promise: ("id", "response_id"),
    Tag: ("id", "comment_id"), CommentIndex: ("comment_id",),
}  # fmt: skip
"""table → its columns that lead to a row of the same number"""


def pile_up(survey: Survey, comments: int) -> int:
    """At least so many; returns how many. Every copy of a comment has a word of its own: the number of it."""
    with writing():
        _begin(survey)
    made = FIRST
    with _words_indexed_once():
        while made < comments:
            with writing():
                _double(made)
            made *= 2
    _settle()
    return made


@contextmanager
def _words_indexed_once() -> Iterator[None]:
    """PostgreSQL makes an index of a million lines ten times as fast as it adds a million lines to one."""
    if _sqlite():
        yield
        return
    with writing():
        words = select(_INDEXES).where(_INDEXES.c.indexname.startswith(WORDS))
        found: dict[str, str] = {name: made_by for name, made_by in db.session.execute(words)}  # noqa: C416 - rows
        for name in found:
            db.session.execute(text(f"DROP INDEX {name}"))
    yield
    with writing():
        db.session.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        for made_by in found.values():
            db.session.execute(text(made_by))


def _settle() -> None:
    """As a database stands after a while: numbers go on after the last one, and it knows its own tables."""
    if _sqlite():
        with writing():
            db.session.execute(text("ANALYZE"))
        return
    with writing():
        for model in MOVED:
            numbered: Any = model.__table__
            if "id" in numbered.c:
                sequence = func.pg_get_serial_sequence(numbered.name, "id")
                db.session.execute(select(func.setval(sequence, func.max(numbered.c.id))))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as plain:
        plain.exec_driver_sql("VACUUM ANALYZE")


def _sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _begin(survey: Survey) -> None:
    now = clock.now()
    note = {"en": "We now use a stronger box."}
    action = decide(
        survey.organisation_id, Decision("done", "Boxes", survey.signer_id, note), now.date(), now
    )
    named = [
        Theme(organisation_id=survey.organisation_id, key=f"theme-{n}", name={"en": f"Theme {n}"})
        for n in range(THEMES)
    ]
    db.session.add_all(named)
    db.session.flush()
    for rows_of, row in _rows(survey, action, [t.id for t in named]).items():
        rows = [row(n) for n in range(1, FIRST + 1)]
        db.session.execute(insert(rows_of), [r for r in rows if r])
    index(range(1, FIRST + 1))


def _rows(survey: Survey, action: Action, themes: list[int]) -> dict[Any, Callable[[int], dict[str, Any]]]:
    now, dice, ours = clock.now(), random.Random(7), {"organisation_id": survey.organisation_id}  # noqa: S311 - a data set, not a secret
    round_id, question = (
        round_of(survey, now),
        next(q for q in survey.versions[0].questions if q.key == "comment"),
    )
    vocabulary = ["".join(dice.choices("abcdefghijklmnoprstuvwz", k=4 + n % 6)) for n in range(5_000)]
    often = [1 / (n + 1) for n in range(5_000)]

    def is_open(n: int) -> bool:
        return n % OPEN_OF == 0

    return {
        Response: lambda n: ours | {
            "id": n, "survey_id": survey.id, "version_id": survey.versions[0].id, "round_id": round_id, "channel": "page", "language": "en",
            "nonce": f"n{n}", "score": 1 + n % 5, "submitted_at": now - timedelta(minutes=n), "received_at": now,
        },
        Answer: lambda n: {
            "id": n, "response_id": n, "question_id": question.id, "text": f"n{n} " + " ".join(dice.choices(vocabulary, often, k=20)),
        },
        Comment: lambda n: ours | {
            "id": n, "response_id": n, "answer_id": n, "created_at": now - timedelta(minutes=FIRST - n), "emotion": EMOTIONS[n % 8],
        },
        comment_theme: lambda n: {"comment_id": n, "theme_id": themes[n % THEMES]},
        Promise: lambda n: ours | {
            "id": n, "response_id": n, "kind": "update", "because": "answer", "who_id": survey.signer_id, "channel": "page",
            "due_at": now + timedelta(days=n % 7, minutes=n % 60), "opened_at": now, "ended_at": None if is_open(n) else now,
            "ended_as": None if is_open(n) else "told",
        },
        Tag: lambda n: {} if is_open(n) else ours | {
            "id": n, "comment_id": n, "action_id": action.id, "tagged_at": now, "release_at": now, "told_at": now,
        },
    }  # fmt: skip


def _double(made: int) -> None:
    if not _sqlite():  # what is copied from sound rows is sound: no look at what each of them leads to
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    for model, leads in MOVED.items():
        rows_of: Any = model.__table__
        new = {name: rows_of.c[name] + made for name in leads}
        if model is Response:
            new["nonce"] = rows_of.c.nonce + literal(f"-{made}")
        if model is CommentIndex:
            new["tokens"] = rows_of.c.tokens + literal(" n") + cast(rows_of.c.comment_id + made, String)
        rows = select(*(new.get(c.name, c).label(c.name) for c in rows_of.columns))
        db.session.execute(insert(rows_of).from_select([c.name for c in rows_of.columns], rows))
    doubled = select(comment_theme.c.comment_id + made, comment_theme.c.theme_id)
    db.session.execute(insert(comment_theme).from_select(["comment_id", "theme_id"], doubled))
