"""Many comments as they lie on desks after years: a first few thousand made row by row, then doubled by the database itself."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, insert, literal, select, text

from core import clock
from core.db import db, writing
from promises.models import Promise
from surveys.models import Answer, Response, Survey
from surveys.rounds import round_of
from triage.acting import Decision, decide
from triage.indexing import index
from triage.models import EMOTIONS, Action, Comment, CommentIndex, Tag, Theme, comment_theme

FIRST = 10_000
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
    while made < comments:
        with writing():
            _double(made)
        made *= 2
    with writing():
        db.session.execute(text("ANALYZE"))
    return made


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
    for table, row in _rows(survey, action, [t.id for t in named]).items():
        rows = [row(n) for n in range(1, FIRST + 1)]
        db.session.execute(insert(table), [r for r in rows if r])
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
    for model, leads in MOVED.items():
        table: Any = model.__table__
        new = {name: table.c[name] + made for name in leads}
        if model is Response:
            new["nonce"] = table.c.nonce + literal(f"-{made}")
        if model is CommentIndex:
            new["tokens"] = table.c.tokens + literal(" n") + cast(table.c.comment_id + made, String)
        rows = select(*(new.get(c.name, c).label(c.name) for c in table.columns))
        db.session.execute(insert(table).from_select([c.name for c in table.columns], rows))
    doubled = select(comment_theme.c.comment_id + made, comment_theme.c.theme_id)
    db.session.execute(insert(comment_theme).from_select(["comment_id", "theme_id"], doubled))
