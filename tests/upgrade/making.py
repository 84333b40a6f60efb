"""How a database of the present version becomes a file: `python -m tests.upgrade.making NAME`, once for each release.

Writes NAME.sql (rows only: the schema is made by the migrations up to its revision) and NAME.json (what must
still be true after any upgrade). Values are quoted, so that both databases read them.
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select, text

from app import create_app
from core import schema
from core.access import Role
from core.db import Base, db, writing
from core.settings import Settings
from followup.composing import compose_due
from followup.judging import Judgement, judge
from followup.no_news import compose_moves, compose_no_news
from followup.receipts import compose_receipts
from outbox.incoming.receiving import receive
from outbox.jobs import deliver_due
from outbox.models import Message
from outbox.suppressing import suppress
from promises.ledger import Scope, ledger
from promises.moving import When, move
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast, make_cast
from tests.loop import answered, day, decided, opened_survey, promises_of, settled
from tests.outbox.test_receiving import sample

HERE = Path(__file__).parent
LEFT_OUT = {"incoming_message", "beat"}
"""Bytes are written differently by each database; a pulse says nothing later."""
SUBJECT = "SELECT subject FROM message WHERE id = message_id"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def main(name: str) -> int:
    with TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/loop.db", secret_key="k" * 40)
        with create_app(settings).app_context():
            schema.require_current()
            people = _play()
            (HERE / f"{name}.sql").write_text("\n".join(_rows()) + "\n")
            (HERE / f"{name}.json").write_text(json.dumps(facts(people.webshop.id), indent=1) + "\n")
    return 0


def _play() -> Cast:
    """Thirty answers, and each way in which one can stand."""
    with writing():
        people = make_cast(NOW)
        survey = opened_survey(people, NOW)
        responses = [_answer(survey, n) for n in range(30)]
    compose_receipts(NOW)
    with writing():
        suppress(people.webshop.id, "p11@example.com", "unsubscribed", NOW)
        for n, kind in enumerate(("done", "planned", "wont_do", "already", "thanks")):
            for response in responses[n * 2 : 16 : 5]:
                settled(response, decided(people, NOW, kind), NOW)
        to = When.by(day("2026-12-04"), "Europe/Amsterdam")
        move(promises_of(responses[20])[0], to, "The supplier is late.", Role.agent, NOW)
    for compose in (compose_due, compose_moves, deliver_due):
        compose(NOW)
    _afterwards(responses)
    return people


def _answer(survey: Survey, n: int) -> Response:
    wants = "none" if n == 28 else "page" if n % 7 == 3 else "mail"
    comment = "" if n % 5 == 4 else f"The box was torn, {n} times."
    return answered(survey, NOW, comment, email=f"p{n}@example.com", wants=wants, score=n % 5 + 1)


def _afterwards(responses: list[Response]) -> None:
    """A bounce, a no, a message of which nobody knows, one that waits, and promises without news."""
    updates = db.session.scalars(
        select(Message).where(Message.kind == "update", Message.state == "sent")
    ).all()
    with writing():
        receive(sample("bounce-postfix-unknown-user", updates[0]), NOW)
        updates[1].state = "unknown"
        updates[2].state, updates[2].sent_at = "queued", None
        judge(responses[5], Judgement(True, False, "Still torn.", "n1"), NOW + timedelta(hours=1))
    compose_no_news(NOW + timedelta(days=7, hours=5))
    with writing():
        db.session.execute(
            text(f"UPDATE message_body SET html = '<p>' || ({SUBJECT}) || '</p>', text = ({SUBJECT})")
        )  # a small file


def _rows() -> list[str]:
    tables = [t.name for t in Base.metadata.sorted_tables if t.name not in LEFT_OUT]
    return [_insert(t, rows) for t in tables if (rows := _all(t))]


def _all(table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(text(f"SELECT * FROM {table} ORDER BY 1")).mappings()]


def _insert(table: str, rows: list[dict[str, Any]]) -> str:
    values = ",\n".join(f"({', '.join(map(_quoted, row.values()))})" for row in rows)
    return f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES\n{values};"


def _quoted(value: Any) -> str:
    return "NULL" if value is None else "'{}'".format(str(value).replace("'", "''"))


def facts(organisation_id: int) -> dict[str, Any]:
    """What an upgrade must not change."""
    db.session.rollback()
    found = ledger(Scope(organisation_id))
    count = {
        f"{t} rows": db.session.scalar(text(f"SELECT count(*) FROM {t}"))
        for t in ("customer", "promise", "tag", "told")
    }
    open_ones = db.session.scalar(text("SELECT count(*) FROM promise WHERE ended_at IS NULL"))
    return {
        "responses": found.responses, "told": found.told, "promised": found.promised, "unreachable": found.unreachable,
        "told_how": found.told_how, "told_page": found.told_page, "adds_up": found.adds_up, "open": open_ones,
        "messages": dict(sorted(Counter(db.session.scalars(select(Message.state))).items())), **count,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
