"""The pages of mail that came in: any words are words, and only the organisation that it is about reads it."""

from datetime import datetime
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from core import links
from core.db import db, writing
from outbox.incoming.models import IncomingMessage
from outbox.incoming.receiving import receive
from outbox.models import Message
from outbox.queries import PAGE
from tests.browser import Colleague
from tests.cast import Cast
from tests.hostile import ALL_AT_ONCE, WORDS, as_shown, foreign
from tests.mailbox.test_mailbox_pages import queued
from tests.pages import Page, get

LINES_ALONE = {name: words for name, words in WORDS.items() if len(words) <= 200 and words.isprintable()}


@pytest.fixture
def sent(people: Cast, now: datetime) -> Message:
    """What somebody answers."""
    return queued(people, now, state="sent", sent_at=now)


def mail(to: Message, words: str, number: int = 1, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = headers.get("sender", "Rita Ritsema <rita@example.com>")
    made["To"] = f"post+{links.token('verp', to.id)}@shop.example"
    made["Subject"], made["Message-ID"] = (
        headers.get("subject", "Re: your box"),
        f"<{number}@mail.example.com>",
    )
    made.set_content(words)
    return made


def came(raw: bytes, now: datetime) -> IncomingMessage:
    with writing():
        receive(raw, now)
    return db.session.scalars(select(IncomingMessage).order_by(IncomingMessage.id.desc())).one()


def page_of(browser: Colleague, one: IncomingMessage) -> Page:
    return get(browser, f"/mailbox/incoming/{one.id}")


@pytest.mark.parametrize("name", [n for n, words in WORDS.items() if words.isprintable()])
def test_any_words_are_shown_as_words(bob: Colleague, sent: Message, now: datetime, name: str) -> None:
    page = page_of(bob, came(mail(sent, WORDS[name]).as_bytes(), now))
    assert foreign(page.tree) == []
    assert as_shown(WORDS[name])[:100] in as_shown("".join(page.tree.itertext()))


@pytest.mark.parametrize("name", LINES_ALONE)
def test_any_subject_is_a_heading_and_a_line_of_the_list(
    bob: Colleague, sent: Message, now: datetime, name: str
) -> None:
    one = came(mail(sent, "See above.", subject=LINES_ALONE[name]).as_bytes(), now)
    for page in (page_of(bob, one), get(bob, "/mailbox/incoming")):
        assert foreign(page.tree) == []
        assert as_shown(LINES_ALONE[name])[:50] in as_shown("".join(page.tree.itertext()))


def test_everything_at_once_breaks_no_page(bob: Colleague, sent: Message, now: datetime) -> None:
    words = "".join(c for c in ALL_AT_ONCE if c.isprintable() or c == "\n")
    assert foreign(page_of(bob, came(mail(sent, words).as_bytes(), now)).tree) == []


def test_a_name_that_is_a_tag_is_a_name(bob: Colleague, sent: Message, now: datetime) -> None:
    sender = '"<img src=x onerror=alert(1)>" <rita@example.com>'
    page = page_of(bob, came(mail(sent, "Hello.", sender=sender).as_bytes(), now))
    assert foreign(page.tree) == []
    assert "<img src=x onerror=alert(1)>" in page.words


def test_html_is_read_and_never_shown_as_it_is(bob: Colleague, sent: Message, now: datetime) -> None:
    made = mail(sent, "plain")
    made.set_content("<p>Broken <b>lamp</b></p><script>alert(1)</script><img src=x>", subtype="html")
    page = page_of(bob, came(made.as_bytes(), now))
    assert foreign(page.tree) == []
    assert "Broken lamp" in page.words
    assert "alert(1)" not in page.words


def test_a_mail_without_subject_and_words_has_a_page(bob: Colleague, sent: Message, now: datetime) -> None:
    page = page_of(bob, came(mail(sent, "", subject="").as_bytes(), now))
    assert page.heading == "Without a subject"


def test_another_organisation_reads_none_of_it(
    charlie: Colleague, vera: Colleague, sent: Message, now: datetime
) -> None:
    one = came(mail(sent, "The lamp is broken.").as_bytes(), now)
    assert charlie.get(f"/mailbox/incoming/{one.id}").status_code == 404
    assert "Re: your box" not in get(charlie, "/mailbox/incoming").words
    assert "The lamp is broken." in page_of(vera, one).words


@pytest.mark.parametrize("id", ["0", "999999", str(2**63), "-1", "x"])
def test_what_is_not_there_is_not_found(bob: Colleague, people: Cast, id: str) -> None:
    assert bob.get(f"/mailbox/incoming/{id}").status_code == 404
    assert bob.get(f"/attachments/{id}").status_code == 404


@pytest.mark.parametrize("before", ["0", "-1", "abc", str(2**63), "1e9", "\x00", "' OR 1=1--"])
def test_an_odd_place_in_the_list_is_no_error(bob: Colleague, people: Cast, before: str) -> None:
    assert bob.get("/mailbox/incoming", query_string={"before": before}).status_code in {200, 404}


def test_the_list_goes_on_page_after_page(bob: Colleague, sent: Message, now: datetime) -> None:
    with writing():
        for number in range(PAGE + 1):
            receive(mail(sent, f"Mail {number}.", number, subject=f"Number {number}!").as_bytes(), now)
    first = get(bob, "/mailbox/incoming")
    assert f"Number {PAGE}!" in first.words
    assert "Number 0!" not in first.words
    assert "Number 0!" in get(bob, first.links()["Older"]).words
