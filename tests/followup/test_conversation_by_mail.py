"""A respondent at a mail program and a colleague at the desk write to each other, over real SMTP and IMAP."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from core import clock as moment
from core import jobs, links
from core.db import db, writing
from followup.beside import Wish
from followup.models_replies import Reply
from followup.person.writing_to_one import write_to
from outbox.incoming.models import IncomingMessage
from promises.ledger import Scope, ledger
from scheduler import TICKS
from surveys.models import Survey
from tests.browser import Colleague, FreshClient
from tests.cast import Cast
from tests.correspondent import Correspondent
from tests.desk import said
from tests.dovecot import Mailbox
from tests.loop import promises_of
from tests.sink import Mail, Sink
from triage.acting import Decision
from triage.models import Comment

pytestmark = pytest.mark.settings(hold_minutes=0, mail_from="post@shop.example")
RITA = Correspondent()
IPHONE = Correspondent(
    quote="{words}\n\nVerstuurd vanaf mijn iPhone\n\n> Op 23 nov 2026, om 10:31 heeft {sender} het volgende geschreven:\n> \n{quoted}\n"
)


def tick(clock: time_machine.Traveller) -> datetime:
    """Everything that is due, a minute later."""
    clock.shift(timedelta(minutes=1))
    now = moment.now()
    jobs.run_all(TICKS, now)
    db.session.rollback()
    return now


def write(people: Cast, comment: Comment, words: str, clock: time_machine.Traveller) -> None:
    """Bob answers this person a minute later, as from the page for a message to one person, and it goes out."""
    clock.shift(timedelta(minutes=1))
    decision, now = Decision("done", "Message to one person", people.bob.id, {"en": words}), moment.now()
    with writing():
        write_to(comment, decision, people.bob.id, Wish(), timedelta(), now.date(), now)
    tick(clock)


def post(box: Mailbox, mail: EmailMessage) -> None:
    box.put(mail.as_bytes())


def told(mail: Mail) -> str:
    body = mail.parsed.get_body(("plain",))
    return str(body.get_content()) if body else ""


def test_five_turns(
    app: Flask, people: Cast, survey: Survey, smtp_server: Sink, imap_server: Mailbox, now: datetime,
    monday: time_machine.Traveller, bob: Colleague,
) -> None:  # fmt: skip
    comment = said(survey, now, "The box was torn.")
    tick(monday)
    write(people, comment, "We sent you a new box.", monday)
    first = smtp_server.mails[-1]
    assert "> The box was torn." in told(first)

    post(imap_server, RITA.answer(first, "It came, thank you. The lamp in it is broken too."))
    tick(monday)
    assert imap_server.unseen() == 0
    assert comment.state(moment.now()) == "open", "it is work again"
    assert promises_of(comment.response)[-1].because == "reply"
    assert smtp_server.mails[-1].parsed["Subject"] == f"Re: {first.parsed['Subject']}", "what we promise now"

    write(people, comment, "A new lamp is on its way.", monday)
    answer = smtp_server.mails[-1]
    assert answer.parsed["In-Reply-To"] == db.session.scalars(select(IncomingMessage)).one().thread[-1]
    assert first.message_id in answer.parsed["References"]
    assert answer.parsed["Subject"] == f"Re: {first.parsed['Subject']}", (
        "a program shows it in the same conversation"
    )
    assert "> It came, thank you. The lamp in it is broken too." in told(answer)
    assert "A new lamp is on its way." in told(answer)
    assert "We sent you a new box." not in told(answer), "nobody hears the same thing twice"

    post(imap_server, IPHONE.answer(answer, "It shines. That settles it for me."))
    tick(monday)
    words = db.session.scalars(select(IncomingMessage.text).join(Reply).order_by(Reply.id)).all()
    assert words == [
        "It came, thank you. The lamp in it is broken too.",
        "It shines. That settles it for me.",
    ]
    turns = ["We sent you a new box.", "It came, thank you.", "A new lamp is on its way.", "It shines."]
    assert in_order(bob.get(f"/comments/{comment.id}").text, turns), "oldest first at the desk"
    own = FreshClient(app, app.response_class).get(links.path("status", comment.response_id))
    assert in_order(own.text, turns[::-1]), "newest first on their page"
    assert ledger(Scope(people.webshop.id)).adds_up


def in_order(page: str, words: list[str]) -> bool:
    return [page.index(each) for each in words] == sorted(page.index(each) for each in words)


def test_an_answer_to_a_reply_does_not_wait_for_tomorrow(
    people: Cast,
    survey: Survey,
    smtp_server: Sink,
    imap_server: Mailbox,
    now: datetime,
    monday: time_machine.Traveller,
) -> None:
    comment = said(survey, now)
    write(people, comment, "We sent you a new box.", monday)
    for n in ("one", "two", "three"):
        post(imap_server, RITA.answer(smtp_server.mails[-1], f"And then there is number {n}."))
        tick(monday)
        write(people, comment, f"About {n}: mended.", monday)
        assert f"About {n}: mended." in told(smtp_server.mails[-1])
