"""Many answers whose loops ran: scores, comments, what was promised, done and told, and what people made of it."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, literal, select, text

from core import clock
from core.db import db, writing
from customers.models import Customer, Identity
from followup.models import Told, Verdict
from outbox.models import Message
from promises.models import Promise, Update
from script.benchmarks.loop_rows import Set, rows_of
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from triage.acting import Decision, decide
from triage.models import Action, Comment, Tag
from triage.themes.models import Theme, comment_theme

SEED = 8_000
DAYS = 400
"""Over so many days they came in; a year's report has a piece of the year before it beside it."""
THEMES = 12
Copied = tuple[tuple[Any, dict[str, str], tuple[str, ...]], ...]
COPIED: Copied = (
    (Response, {"id": "response"}, ("nonce",)),
    (Answer, {"id": "answer", "response_id": "response"}, ()),
    (Comment, {"id": "comment", "response_id": "response", "answer_id": "answer"}, ()),
    (comment_theme, {"comment_id": "comment"}, ()),
    (Promise, {"id": "promise", "response_id": "response", "predecessor_id": "promise"}, ()),
    (Message, {"id": "message"}, ("key",)),
    (Update, {"id": "promise_update", "promise_id": "promise", "message_id": "message"}, ("message_key",)),
    (Tag, {"id": "tag", "comment_id": "comment"}, ()),
    (Told, {"id": "told", "update_id": "promise_update", "tag_id": "tag"}, ()),
    (Verdict, {"id": "verdict", "response_id": "response", "promise_id": "promise"}, ("nonce",)),
)
"""Tables; whose numbers stand in which of their columns; and what must be new in each copy."""


def gather(survey: Survey, answers: int) -> int:
    """At least this many, of the last 400 days; returns how many."""
    made = min(answers, SEED)
    with writing():
        _begin(survey, made)
    while made < answers:
        with writing():
            double(made)
        made *= 2
    settle()
    return made


def _begin(survey: Survey, answers: int) -> None:
    now = clock.now()
    scene = _scene(survey, now)
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table, _, _ in COPIED}
    for n in range(1, answers + 1):
        for table, row in rows_of(scene, n, now - timedelta(days=DAYS) * n / answers):
            rows[table].append(row)
    for table, found in rows.items():
        if found:
            db.session.execute(insert(table), _alike(found))


def _alike(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that are put in together name the same columns."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]


def _scene(survey: Survey, now: datetime) -> Set:
    dice = random.Random(7)  # noqa: S311 - a data set, not a secret
    return Set(
        survey, {q.key: q.id for q in survey.versions[0].questions}, {}, _somebody(survey, now), _actions(survey, now),
        _themes(survey), ["".join(dice.choices("abcdefghijklmnoprstuvwz", k=3 + n % 7)) for n in range(5_000)], dice,
    )  # fmt: skip


def _somebody(survey: Survey, now: datetime) -> Identity:
    """Who gave all of them: figures count answers."""
    customer = Customer(organisation_id=survey.organisation_id, name="Rita", language="en", created_at=now)
    identity = Identity(
        organisation_id=survey.organisation_id, customer=customer, kind="mail", value="rita@example.org", key="rita@example.org",
        created_at=now,
    )  # fmt: skip
    db.session.add(identity)
    db.session.flush()
    return identity


def _actions(survey: Survey, now: datetime) -> list[Action]:
    note = {"en": "We now use a stronger box.", "nl": "We gebruiken nu een stevigere doos."}
    made = [Decision("done", f"Boxes {n}", survey.signer_id, note) for n in range(10)]
    made += [Decision("planned", f"Lockers {n}", survey.signer_id, note, due_on=now.date() + timedelta(n)) for n in range(1, 5)]  # fmt: skip
    return [decide(survey.organisation_id, one, now.date(), now) for one in made]


def _themes(survey: Survey) -> list[int]:
    named = [
        Theme(organisation_id=survey.organisation_id, key=f"theme-{n}", name={"en": f"Theme {n}", "nl": f"Thema {n}"})
        for n in range(THEMES)
    ]  # fmt: skip
    db.session.add_all(named)
    db.session.flush()
    return [theme.id for theme in named]


def double(made: int, copied: Copied = COPIED) -> None:
    """Every row once more; each number moves by as many as there are, so that copies lead to copies."""
    if db.engine.dialect.name != "sqlite":  # what is copied from sound rows is sound
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    numbered = [each[0] for each in copied if hasattr(each[0], "id")]
    by = {model.__tablename__: db.session.scalar(select(func.max(model.id))) or 0 for model in numbered}
    for model, numbers, keys in copied:
        table: Any = getattr(model, "__table__", model)
        new = {name: table.c[name] + by[of] for name, of in numbers.items()}
        new |= {name: table.c[name] + literal(_letter(made)) for name in keys}
        rows = select(*(new.get(c.name, c).label(c.name) for c in table.columns))
        db.session.execute(insert(table).from_select([c.name for c in table.columns], rows))


def _letter(made: int) -> str:
    """Another one at each doubling: what ends in it was not there before."""
    return chr(ord("a") + (made // 1000).bit_length())


def settle() -> None:
    """As a database stands after a while: numbers go on after the last one, and it knows its own tables."""
    if db.engine.dialect.name == "sqlite":
        with writing():
            db.session.execute(text("ANALYZE"))
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as plain:
        plain.exec_driver_sql("VACUUM ANALYZE")
