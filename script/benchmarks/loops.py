"""Many answers whose loops ran: scores, comments, what was promised, done and told, and what people made of it."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, insert, literal, select, text

from core import clock
from core.db import db, writing
from customers.models import Customer, Identity
from followup.models import Told, Verdict
from outbox.models import Message
from promises.models import Promise, Update
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from surveys.rounds import round_of
from triage.acting import Decision, decide
from triage.models import EMOTIONS, Action, Comment, Tag, Theme, comment_theme

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


class Set(NamedTuple):
    """What the answers are to."""

    survey: Survey
    questions: dict[str, int]
    rounds: dict[tuple[int, int], int]
    identity: Identity
    actions: Sequence[Action]
    themes: Sequence[int]
    vocabulary: Sequence[str]
    dice: random.Random


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
        for table, row in _rows(scene, n, now - timedelta(days=DAYS) * n / answers):
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


def _rows(scene: Set, n: int, at: datetime) -> Iterator[tuple[Any, dict[str, Any]]]:
    """One in ten is still promised a word, one is out of reach, one reads it on their page; a third heard of a move first."""
    survey, ours, mail = scene.survey, {"organisation_id": scene.survey.organisation_id}, n % 10 != 1
    score = scene.dice.choices((1, 2, 3, 4, 5), (1, 2, 3, 6, 5))[0]
    yield Response, ours | {
        "id": n, "survey_id": survey.id, "version_id": survey.versions[0].id, "round_id": _round(scene, at), "nonce": f"n{n}",
        "channel": "mail" if mail else "page", "identity_id": scene.identity.id if mail else None,
        "language": "nl" if n % 7 else "en", "score": score, "submitted_at": at, "received_at": at,
    }  # fmt: skip
    yield Answer, {"id": 2 * n, "response_id": n, "question_id": scene.questions["csat"], "number": score}
    if n % 5 < 3:
        yield from _words(scene, n, at)
    yield from _loop(scene, n, at, "mail" if mail else "page")


def _words(scene: Set, n: int, at: datetime) -> Iterator[tuple[Any, dict[str, Any]]]:
    words, ours = (
        " ".join(scene.dice.choices(scene.vocabulary, k=20)),
        {"organisation_id": scene.survey.organisation_id},
    )
    yield Answer, {"id": 2 * n + 1, "response_id": n, "question_id": scene.questions["comment"], "text": words}  # fmt: skip
    yield Comment, ours | {"id": n, "response_id": n, "answer_id": 2 * n + 1, "emotion": EMOTIONS[n % 8], "created_at": at}  # fmt: skip
    yield comment_theme, {"comment_id": n, "theme_id": scene.themes[n % THEMES]}


def _loop(scene: Set, n: int, at: datetime, channel: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    due, last = at + timedelta(days=7), 2 * n
    first = _promise(scene, 2 * n, n, at, due)
    yield from _said(scene, 4 * n, 2 * n, "receipt", "receipt", channel, at, "sent")
    if n % 3 == 0:
        at, last = at + timedelta(days=2), 2 * n + 1
        yield Promise, first | {"ended_at": at, "ended_as": "moved"}
        yield from _said(scene, 4 * n + 1, 2 * n, "ending", "moved", channel, at, "sent")
        first = _promise(scene, last, n, at, due) | {"because": "moved", "predecessor_id": 2 * n, "moves": 1}
    if n % 10 == 0:
        yield Promise, first
        return
    later = at + timedelta(minutes=scene.dice.randint(60, 14_000))
    yield Promise, first | {"ended_at": later, "ended_as": "told"}
    yield from _told(scene, n, last, later, channel)


def _told(scene: Set, n: int, promise: int, at: datetime, channel: str) -> Iterator[tuple[Any, dict[str, Any]]]:  # fmt: skip
    action, state = scene.actions[n % len(scene.actions)], "bounced" if n % 10 == 2 else "sent"
    yield from _said(scene, 4 * n + 2, promise, "ending", action.kind, channel, at, state)
    if n % 5 < 3:
        ours = {"organisation_id": scene.survey.organisation_id}
        told = {"tagged_at": at, "release_at": at, "told_at": at}
        yield Tag, ours | {"id": n, "comment_id": n, "action_id": action.id} | told
        due = at.date() + timedelta(days=30) if action.kind == "planned" else None
        yield Told, {"id": n, "update_id": 4 * n + 2, "tag_id": n, "action_id": action.id, "kind": action.kind, "due_on": due, "told_on": at.date()}  # fmt: skip
    if n % 4 == 0 and state == "sent":
        feels = EMOTIONS[n % 7 if n % 3 else 7]
        said = {"clear": True, "solved": n % 8 == 0, "emotion": feels, "created_at": at + timedelta(days=1)}
        yield Verdict, {"organisation_id": scene.survey.organisation_id, "id": n, "response_id": n, "promise_id": promise, "nonce": f"v{n}"} | said  # fmt: skip


def _promise(scene: Set, id: int, response: int, at: datetime, due: datetime) -> dict[str, Any]:
    return {
        "organisation_id": scene.survey.organisation_id, "id": id, "response_id": response, "kind": "update", "because": "answer",
        "who_id": scene.survey.signer_id, "channel": "mail", "due_at": due, "opened_at": at, "moves": 0,
    }  # fmt: skip


def _said(
    scene: Set, id: int, promise: int, kind: str, how: str, channel: str, at: datetime, state: str
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Without the words of the mail: who was told is counted without them."""
    ours, key = {"organisation_id": scene.survey.organisation_id}, f"m{id}" if channel == "mail" else None
    if key:
        yield Message, ours | {
            "id": id, "key": key, "kind": "update", "recipient": "rita@example.org", "recipient_key": "k", "sender_name": "Sam",
            "language": "en", "subject": "About your answer", "slot": "s", "created_at": at, "expires_at": at, "state": state,
            "next_attempt_at": at, "sent_at": at, "server_reply": "250 kept",
        }  # fmt: skip
    yield Update, ours | {
        "id": id, "promise_id": promise, "kind": kind, "how": how, "channel": channel, "message_id": id if key else None,
        "message_key": key, "composed_at": at,
    }  # fmt: skip


def _round(scene: Set, at: datetime) -> int:
    month = at.year, at.month
    if month not in scene.rounds:
        scene.rounds[month] = round_of(scene.survey, at)
    return scene.rounds[month]


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
