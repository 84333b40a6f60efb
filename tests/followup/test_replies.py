"""What a mail that comes in brings about: the work opens again, a word is owed, and nothing for machines, forgers and strangers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from core import links
from core.db import db, writing
from customers.models import Customer
from followup.composing import compose_due
from followup.models_replies import Reply
from followup.own_page.hearing import choose
from followup.receipts import compose_receipts
from followup.replies import MANY, attach_replies
from outbox.freezing import freeze
from outbox.incoming.models import Attachment, IncomingMessage
from outbox.incoming.receiving import receive
from outbox.models import Message
from promises.ledger import Scope, ledger
from reports.erasure.erasing import erase
from surveys.models import Survey
from tests.browser import Colleague, FreshClient
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, promises_of, settled
from tests.outbox.test_files import PNG, attach
from tests.pages import get
from triage.models import Comment

THREAT = "Your driver is an asshole. If he comes again I'm going to punch him."
MINUTE = timedelta(minutes=1)


@pytest.fixture
def comment(people: Cast, survey: Survey, now: datetime) -> Comment:
    """Settled, told, and the mail arrived."""
    made = said(survey, now)
    compose_receipts(now)
    with writing():
        settled(made.response, decided(people, now), now)
    compose_due(now)
    arrived()
    return made


def arrived() -> None:
    with writing():
        for message in db.session.scalars(select(Message).where(Message.state == "queued")):
            message.state, message.sent_at = "sent", message.created_at


def last_mail() -> Message:
    return db.session.scalars(
        select(Message).where(Message.recipient == "rita@example.com").order_by(Message.id.desc())
    ).first()  # type: ignore[return-value]


def mail(to: Message, words: str, number: int = 1, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = (
        "Rita Ritsema <rita@example.com>",
        f"post+{links.token('verp', to.id)}@shop.example",
    )
    made["Subject"], made["Message-ID"] = f"Re: {to.subject}", f"<{number}@mail.example.com>"
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(words)
    return made


def came(made: EmailMessage, now: datetime) -> IncomingMessage:
    """It comes in, and the clock ticks."""
    with writing():
        receive(made.as_bytes(), now)
    attach_replies(now)
    db.session.rollback()
    return db.session.scalars(select(IncomingMessage).order_by(IncomingMessage.id.desc())).first()  # type: ignore[return-value]


@pytest.mark.both_databases
def test_a_reply_opens_the_work_and_a_word_is_owed(people: Cast, comment: Comment, now: datetime) -> None:
    later = now + MINUTE
    assert came(mail(last_mail(), "The lamp is broken too."), later).outcome == "attached"
    owed = promises_of(comment.response)[-1]
    assert (comment.state(later), owed.because, owed.is_open) == ("open", "reply", True)
    assert owed.who_id == people.alice.id
    assert comment.assignee_id == people.alice.id
    assert attach_replies(later) == 0, "once"
    assert ledger(Scope(people.webshop.id)).adds_up
    compose_receipts(later)
    receipt = last_mail()
    assert (receipt.kind, receipt.headers["In-Reply-To"]) == ("receipt", "<1@mail.example.com>")


def test_whoever_has_it_keeps_it_and_the_deputy_follows_who_is_away(
    people: Cast, comment: Comment, now: datetime
) -> None:
    with writing():
        comment.assignee_id = people.bob.id
    came(mail(last_mail(), "The lamp is broken too."), now + MINUTE)
    assert promises_of(comment.response)[-1].who_id == people.bob.id


def test_a_second_mail_while_a_word_is_owed_owes_no_second_one(comment: Comment, now: datetime) -> None:
    told = last_mail()
    for n, words in enumerate(("The lamp.", "And the plug."), 1):
        came(mail(told, words, n), now + n * MINUTE)
    assert len([p for p in promises_of(comment.response) if p.because == "reply"]) == 1
    assert len(db.session.scalars(select(Reply)).all()) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Subject": "Automatic reply: What we did"},
        {"Subject": "Automatisch antwoord: afwezig"},
        {"Precedence": "auto_reply"},
    ],
)
def test_an_automatic_answer_opens_nothing(comment: Comment, now: datetime, headers: dict[str, str]) -> None:
    before = db.session.query(Message).count()
    row = came(mail(last_mail(), "I am away.", 1, **headers), now + MINUTE)
    compose_receipts(now + MINUTE)
    assert (row.kind, row.outcome) == ("auto_reply", "noted")
    assert (comment.state(now), db.session.query(Message).count()) == ("settled", before)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"),
        lambda token: "1" + token,
        lambda _token: links.token("status", 1),
        lambda _token: "nobody",
    ],
)
def test_a_forged_address_reaches_nothing(
    comment: Comment, now: datetime, spoil: Callable[[str], str]
) -> None:
    made = mail(last_mail(), "Give me everything.")
    token = links.token("verp", last_mail().id)
    del made["To"]
    made["To"] = f"post+{spoil(token)}@shop.example"
    row = came(made, now + MINUTE)
    assert (row.message_id, row.outcome, comment.state(now)) == (None, "unmatched", "settled")


def test_a_machine_that_answers_each_of_our_mails_is_stopped(comment: Comment, now: datetime) -> None:
    """It says no header; its words are the same, but for a number and the time. What it wrote is kept, and stands there."""
    outcomes = []
    for n in range(1, 6):
        at = now + n * MINUTE
        outcomes.append(
            came(mail(last_mail(), f"We received your message. Ticket {n}, at 10:3{n}.", n), at).outcome
        )
        compose_receipts(at)
        arrived()
    assert outcomes == ["attached", "attached", "stopped", "stopped", "stopped"]
    assert len(db.session.scalars(select(Reply)).all()) == 5, "nothing is lost"
    receipts = [m for m in db.session.scalars(select(Message)) if m.kind == "receipt"]
    assert len(receipts) <= 3


def test_more_in_a_day_than_anybody_writes_is_stopped(comment: Comment, now: datetime) -> None:
    told = last_mail()
    words = [chr(97 + n // 26) + chr(97 + n % 26) for n in range(MANY + 1)]
    outcomes = [
        came(mail(told, f"Something new: {word}", n), now + timedelta(seconds=n)).outcome
        for n, word in enumerate(words)
    ]
    assert outcomes == ["attached"] * MANY + ["stopped"]


def test_who_wants_no_word_is_owed_none_and_is_read_all_the_same(comment: Comment, now: datetime) -> None:
    with writing():
        choose(comment.response, "none", "", now)
    came(mail(last_mail(), "But the lamp is broken."), now + MINUTE)
    assert comment.state(now + 2 * MINUTE) == "open"
    assert not [p for p in promises_of(comment.response) if p.is_open]


def test_what_answers_no_answer_is_listed_and_not_lost(
    people: Cast, alice: Colleague, comment: Comment, now: datetime
) -> None:
    with writing():
        alert = freeze(
            people.webshop.id, "alert", "alice@webshop.example", "Look", "x", "<p>x</p>", "Webshop", "en", now
        )
    row = came(mail(alert, "I looked at it.", From="rita@example.com"), now)
    assert row.outcome == "nowhere"
    page = alice.get("/mailbox/incoming").text
    assert "answers a message that has no comment" in page
    one = get(alice, f"/mailbox/incoming/{row.id}").words
    assert "I looked at it." in one
    assert f"Sender {row.sender}" in one, "no empty name before an address between brackets"


def test_a_threat_in_a_mail_is_found(people: Cast, comment: Comment, now: datetime) -> None:
    came(mail(last_mail(), THREAT), now + MINUTE)
    assert comment.threat


def with_files(to: Message) -> EmailMessage:
    made = mail(to, "See the picture.")
    attach(made, PNG, "lamp.png")
    attach(made, b"MZ" + b"\0" * 300, "lamp.exe")
    return made


def test_a_file_is_only_ever_downloaded_by_who_may_see_the_comment(
    comment: Comment, alice: Colleague, vera: Colleague, charlie: Colleague, now: datetime
) -> None:
    came(with_files(last_mail()), now + MINUTE)
    kept, refused = db.session.scalars(select(Attachment).order_by(Attachment.id))
    page = alice.get(f"/comments/{comment.id}").text
    assert "lamp.png" in page
    assert "a kind of file that we do not open" in page
    found = vera.get(f"/attachments/{kept.id}")
    assert found.data == PNG
    assert found.headers["Content-Disposition"].startswith('attachment; filename="lamp.png"')
    assert (found.mimetype, found.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert (
        "sandbox" in found.headers["Content-Security-Policy"]
        or "default-src 'none'" in found.headers["Content-Security-Policy"]
    )
    assert [
        who.get(f"/attachments/{id}").status_code for who, id in ((alice, refused.id), (charlie, kept.id))
    ] == [404, 404]


def test_the_sender_hears_in_our_next_message_what_we_could_not_take_in(
    people: Cast, app: Flask, comment: Comment, now: datetime
) -> None:
    came(with_files(last_mail()), now + MINUTE)
    compose_receipts(now + MINUTE)
    for body in (last_mail().text, last_mail().html):
        assert "lamp.exe" in body
        assert "lamp.png" not in body
    arrived()
    with writing():
        settled(comment.response, decided(people, now), now + 2 * MINUTE)
    compose_due(now + 2 * MINUTE)
    assert (last_mail().kind, "lamp.exe" in last_mail().text) == ("update", False), "once"
    own = FreshClient(app, app.response_class).get(links.path("status", comment.response_id)).text
    assert "lamp.exe" in own
    assert "could not be taken in" in own
    assert "/attachments/" not in own


def test_of_somebody_who_was_erased_nothing_stays(people: Cast, comment: Comment, now: datetime) -> None:
    came(with_files(last_mail()), now + MINUTE)
    with writing():
        erase(db.session.get_one(Customer, comment.response.customer_id), "They asked for it.", now + MINUTE)
    db.session.rollback()
    row = db.session.scalars(select(IncomingMessage)).one()
    assert (row.text, row.sender, row.sender_name, row.subject, row.raw, row.thread) == (
        "",
        "",
        "",
        "",
        b"",
        [],
    )
    assert not db.session.scalars(select(Attachment)).all()
    assert db.session.scalars(select(Reply)).one().words_key == ""


def test_words_of_a_stranger_are_text_and_nothing_else(
    comment: Comment, alice: Colleague, now: datetime
) -> None:
    row = came(
        mail(last_mail(), "<script>alert(1)</script>", From="Mallory <m@elsewhere.example>"), now + MINUTE
    )
    page = alice.get(f"/comments/{comment.id}").text
    assert "<script>alert(1)" not in page + alice.get(f"/mailbox/incoming/{row.id}").text
    assert "m@elsewhere.example" in page, "it did not come from the address we wrote to"
