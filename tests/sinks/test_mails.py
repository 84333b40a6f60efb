"""Hostile words in mails and files: what a mail program, a spreadsheet and a log reader make of them is words."""

import csv
import io
import json
import logging
from datetime import date, datetime, timedelta

import html5lib
import pytest
import structlog
from sqlalchemy import select

from core import logs
from core.db import db, writing
from core.spreadsheets.csv_files import FORMULA, csv_file
from followup.composing import compose_due
from followup.receipts import compose_receipts
from outbox.models import Message
from promises.ledger import Scope, ledger
from reports.csv_files import comments_rows
from reports.period import period
from reports.queries import all_verbatims
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.hostile import WORDS, as_shown, foreign
from tests.loop import decided, settled

Few = list[tuple[str, Response]]
HEADERS = ("subject", "recipient", "recipient_name", "sender_name")
SHORT = {name: words for name, words in WORDS.items() if len(words) < 400}


def told(
    people: Cast, responses: list[Response], now: datetime, words: str = "We use a stronger box."
) -> list[Message]:
    with writing():
        action = decided(people, now, words={"en": words, "nl": words})
        for response in responses:
            settled(response, action, now)
    compose_due(now)
    return list(db.session.scalars(select(Message).where(Message.kind == "update").order_by(Message.id)))


@pytest.mark.security("words in staff mail")
@pytest.mark.security("stored xss")
def test_a_mail_quotes_them_as_words(
    people: Cast, sayings: dict[str, Response], now: datetime, subtests: pytest.Subtests
) -> None:
    messages = told(people, list(sayings.values()), now)
    assert len(messages) == len(WORDS)
    for (name, words), message in zip(WORDS.items(), messages, strict=True):
        with subtests.test(name):
            tree = html5lib.parse(message.html, namespaceHTMLElements=False)
            assert foreign(tree) == []
            said = as_shown(words.strip())[: 5 if name == "newlines" else 200]  # a mail is cut somewhere
            assert said in as_shown("".join(tree.itertext()))
            assert said in as_shown(message.text.replace("\n> ", "\n"))


@pytest.mark.security("header injection")
def test_no_line_of_them_becomes_a_header(people: Cast, sayings: dict[str, Response], now: datetime) -> None:
    compose_receipts(now)
    told(people, list(sayings.values()), now)
    for message in db.session.scalars(select(Message)):
        values = [getattr(message, name) for name in HEADERS] + list(map(str, message.headers.values()))
        assert not [v for v in values if "\n" in v or "\r" in v or "Bcc" in v]
        assert message.recipient.endswith("@example.com")
        assert message.recipient.count("@") == 1


@pytest.mark.security("template injection")
@pytest.mark.parametrize("name", ["jinja", "jinja block", "python format", "jndi", "slots", "script"])
def test_the_words_of_staff_are_no_template(
    people: Cast, survey: Survey, sayings: dict[str, Response], now: datetime, name: str
) -> None:
    (message,) = told(people, [sayings["plus"]], now, WORDS[name])
    tree = html5lib.parse(message.html, namespaceHTMLElements=False)
    assert foreign(tree) == []
    said = as_shown(WORDS[name].replace("{due_on}", ""))
    assert said in as_shown("".join(tree.itertext()))
    assert said in as_shown(message.text)


@pytest.mark.security("formula injection")
def test_a_spreadsheet_finds_no_formula(survey: Survey, sayings: dict[str, Response], now: datetime) -> None:
    over = period(survey, date(2026, 11, 1), date(2026, 11, 30), now + timedelta(1))
    content = csv_file(comments_rows(all_verbatims(over))).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))[1:]
    assert len(rows) == len(WORDS)
    for row, words in zip(rows, WORDS.values(), strict=True):
        assert not [cell for cell in row if cell.startswith(FORMULA)]
        assert row[3] == (f"'{words}" if words.startswith(FORMULA) else words)


@pytest.mark.security("secrets in logs")
def test_a_log_has_one_line_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    written, root = io.StringIO(), logging.getLogger()
    held, level = root.handlers, root.level
    monkeypatch.setattr("sys.stderr", written)
    logs.configure("INFO")
    for words in WORDS.values():
        structlog.get_logger("hostile").warning("they said", words=words, who="rita@example.com")
        logging.getLogger("library").warning("they said %s", words)
    root.handlers, root.level = held, level
    lines = [json.loads(line) for line in written.getvalue().split("\n") if line]
    assert len(lines) == 2 * len(WORDS)
    assert "rita@example.com" not in written.getvalue()
    assert "everybody@example.com" not in written.getvalue(), "nor what stands in their words"


def test_a_suspect_answer_with_them_is_quoted_nowhere_and_counted_all_the_same(
    survey: Survey, now: datetime
) -> None:
    from tests.loop import answered

    with writing():
        rows = [
            answered(
                survey,
                now,
                words,
                email=f"{n}@example.com",
                suspect=n % 2 == 0,
                wants="none" if n % 3 else "mail",
            )
            for n, words in enumerate(SHORT.values())
        ]
    over = period(survey, date(2026, 11, 1), date(2026, 11, 30), now + timedelta(1))
    assert len(list(all_verbatims(over))) == sum(response.is_sound for response in rows)
    assert ledger(Scope(survey.organisation_id)).responses == len(rows)
