"""Is this mail really from you? By the reference at its foot: yes or no, when, of what kind; nobody is named."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts import letters
from accounts.models import SignInFailure
from accounts.views_verifying import TRIES
from core import links
from core.db import db, writing
from core.settings import Settings
from outbox import references
from outbox.freezing import freeze
from outbox.models import Message
from tests.cast import Cast
from tests.each import each
from tests.hostile import WORDS
from tests.loop import answered, opened_survey
from tests.outbox.post import queue, send
from tests.pages import Page, get
from tests.sink import Sink


def ask(client: FlaskClient, reference: str, **more: str) -> Page:
    form = {**get(client, "/verify").form(), "reference": reference}
    return Page(client.post("/verify", data={**form, **more}))


def told(people: Cast, now: datetime, kind: str = "update", state: str = "sent") -> Message:
    with writing():
        message = freeze(people.webshop.id, kind, "rita@example.com", "Our secret subject", "Words", "<p>Words</p>", "Alice Adams", "en", now, recipient_name="Rita Ritsema")  # fmt: skip
        message.state, message.sent_at = state, now if state in {"sent", "bounced"} else None
    return message


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("update", "It answers somebody who told them how it went."),
        ("invitation", "It asks how something went."),
        ("sign_in", "It holds a link to sign in"),
        ("alert", "It is for somebody who works there."),
    ],
)
def test_a_mail_of_ours_is_ours(
    client: FlaskClient, people: Cast, now: datetime, kind: str, about: str
) -> None:
    page = ask(client, references.of(told(people, now, kind).id))
    assert page.status == 200
    assert "Yes, a mail with this reference is from Webshop" in page.words
    assert about in page.words
    assert "23 Nov" in page.words
    assert "10:30" in page.words, "in the time of the organisation"


def test_nothing_personal_is_said(client: FlaskClient, people: Cast, now: datetime) -> None:
    html = ask(client, references.of(told(people, now).id)).html
    for hidden in ("Rita", "rita@", "Alice", "secret subject"):
        assert hidden not in html


@pytest.mark.parametrize("state", ["queued", "failed", "suppressed", "cancelled"])
def test_what_was_not_sent_is_not_ours_in_somebodys_hand(client: FlaskClient, people: Cast, now: datetime, state: str) -> None:  # fmt: skip
    assert "Not sent" in ask(client, references.of(told(people, now, state=state).id)).words


def test_what_nobody_knows_is_said_so(client: FlaskClient, people: Cast, now: datetime) -> None:
    page = ask(client, references.of(told(people, now, state="unknown").id))
    assert "Probably, from Webshop" in page.words


@pytest.mark.parametrize(
    "change",
    [str.lower, lambda r: f"  {r} ", lambda r: r.replace("-", ""), lambda r: r.replace("-", " – "), lambda r: f"({r})."],
)  # fmt: skip
def test_it_is_read_as_people_copy_it(
    client: FlaskClient, people: Cast, now: datetime, change: object
) -> None:
    assert callable(change)
    assert "Yes, a mail" in ask(client, change(references.of(told(people, now).id))).words


def test_signs_that_look_alike_are_one(app: Flask) -> None:
    for id in range(1, 60):
        misread = references.of(id)[len(str(id)) :].translate(str.maketrans("OIB", "018"))
        assert references.read(f"{id}{misread}") == id


@pytest.mark.security("guessing")
def test_a_guess_is_a_strangers(client: FlaskClient, people: Cast, now: datetime) -> None:
    message = told(people, now)
    other = links.short_mac("status", message.id)[0]
    for wrong in (
        f"{message.id}-AAAA-AAAA",
        references.of(message.id + 1),
        f"{message.id}{other}",
        str(message.id),
    ):
        page = ask(client, wrong)
        assert page.status == 200
        assert "We do not know this reference" in page.words


@each("words", WORDS.values())
def test_hostile_words_are_no_reference(app: Flask, words: str) -> None:
    assert references.read(words) is None


def test_a_number_that_no_row_can_have(app: Flask) -> None:
    id = 2**63
    assert references.read(f"{id}{links.short_mac('reference', id)[0]}") is None


@pytest.mark.settings(
    secret_key="another key, that is long enough too",
    secret_key_fallbacks=("a key for tests that is long enough to be one",),
)
def test_an_older_key_is_known_too(app: Flask, settings: Settings) -> None:
    signs = links.short_mac("reference", 7)
    assert len(set(signs)) == 2
    assert [references.read(f"7{one}") for one in signs] == [7, 7]


def test_nothing_typed_is_asked_for_with_a_sentence(client: FlaskClient) -> None:
    page = ask(client, "")
    assert (page.status, "it stands at the foot of the mail" in page.words) == (422, True)


def test_without_its_token_nothing_is_answered(client: FlaskClient, people: Cast, now: datetime) -> None:
    reference = references.of(told(people, now).id)
    page = ask(client, reference, form_token="")
    assert (page.status, "Yes, a mail" in page.words) == (422, False)
    assert reference in page.html, "what was typed is still there"


def test_an_address_holds_no_answer(client: FlaskClient, people: Cast, now: datetime) -> None:
    reference = references.of(told(people, now).id)
    assert "Yes, a mail" not in get(client, f"/verify?reference={reference}").words


def test_a_guesser_has_to_wait(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("core.clock.now", lambda: now)
    (hash,) = _after_one(client, now)
    with writing():
        db.session.add_all(SignInFailure(subject=hash, at=now) for _ in range(TRIES * 5))
    page = ask(client, "1-AAAA-AAAA")
    assert (page.status, "Too many tries" in page.words, "Retry-After" in page.headers) == (429, True, True)
    monkeypatch.setattr("core.clock.now", lambda: now + timedelta(hours=2))
    assert ask(client, "1-AAAA-AAAA").status == 200


def _after_one(client: FlaskClient, now: datetime) -> set[str]:
    ask(client, "1-AAAA-AAAA")
    assert db.session.scalar(select(func.count(SignInFailure.id))) == 1, (
        "a try is counted by where it came from"
    )
    return set(db.session.scalars(select(SignInFailure.subject)))


def test_it_speaks_dutch_and_english(client: FlaskClient, people: Cast, now: datetime) -> None:
    page = get(client, "/verify?lang=nl")
    assert page.heading == "Is deze mail echt van u?"
    form = {**page.form(), "reference": references.of(told(people, now).id)}
    answer = Page(client.post(page.action(), data=form))
    assert "Ja, een mail met dit kenmerk is van Webshop" in answer.words


def test_each_mail_bears_it_in_both_bodies_the_same_at_every_try(people: Cast, smtp_server: Sink, now: datetime) -> None:  # fmt: skip
    with writing():
        message = queue_letter(people, now)
    reference = references.of(message.id)
    smtp_server.then(["data_451"])
    for _try in range(2):
        send(now)
        with writing():
            if message.state == "queued":
                message.next_attempt_at = now
    (mail,) = smtp_server.mails
    for kind in ("plain", "html"):
        body = mail.parsed.get_body((kind,))
        assert body is not None
        assert reference in body.get_content()
        assert references.MARK not in body.get_content()


def queue_letter(people: Cast, now: datetime) -> Message:
    written = letters.letter(
        "sign_in", people.webshop, "Bob", "en", now, link="https://x.example", minutes=15
    )
    return letters.tell(written, people.bob, now)


def test_words_that_were_frozen_without_it_stay_as_they_are(people: Cast, now: datetime) -> None:
    message = queue(people.webshop, now, text="Nothing of it.")
    assert message.text == "Nothing of it."


def test_a_receipt_bears_it(people: Cast, now: datetime) -> None:
    from followup.receipts import compose_receipts

    with writing():
        answered(opened_survey(people, now), now)
    compose_receipts(now)
    message = db.session.scalars(select(Message)).one()
    assert references.of(message.id) in message.text
    assert references.of(message.id) in message.html
