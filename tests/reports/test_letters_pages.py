"""The page of letters, pressed out of turn: old windows, two colleagues, strangers, and words that a post office never wrote."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from core.db import db, writing
from core.text import one_line
from followup.composing import compose_due
from outbox.channels import letter
from outbox.models import Attempt, Message
from outbox.models_letters import Batch, Sheet
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.hostile import UNKEEPABLE, WORDS, foreign
from tests.other_ways import asked_by, due_to, messages, offering
from tests.pages import Page

SHORT = {name: words for name, words in WORDS.items() if len(words) <= 500}


@pytest.fixture
def waiting(people: Cast, survey: Survey, now: datetime) -> Message:
    with writing():
        offering(people, "letter")
        due_to(people, asked_by("letter", survey, now), now)
    compose_due(now)
    return messages("letter")[0]


@pytest.fixture
def batch(people: Cast, waiting: Message, now: datetime) -> Batch:
    with writing():
        return letter.put_together(people.webshop.id, now)


def press(browser: Colleague, address: str, **typed: str) -> Page:
    return Page(browser.post(address, data=typed, follow_redirects=True))


def posting(batch: Batch) -> str:
    return f"/letters/{batch.id}/posting"


def back(batch: Batch) -> str:
    return f"/sheets/{batch.sheets[0].id}/return"


def spoilt(batch: Batch) -> str:
    return f"/sheets/{batch.sheets[0].id}/spoilt"


def outcomes(message: Message) -> list[str]:
    of_it = select(Attempt.outcome).where(Attempt.message_id == message.id).order_by(Attempt.id)
    return list(db.session.scalars(of_it))


@pytest.mark.parametrize("name", SHORT)
def test_any_reason_of_the_post_is_kept_on_one_line(bob: Colleague, batch: Batch, name: str) -> None:
    press(bob, posting(batch))
    page = press(bob, back(batch), why=SHORT[name])
    assert "Noted." in page.words
    assert foreign(page.tree) == []
    reply = select(Attempt.reply).where(Attempt.outcome == "bounced")
    assert db.session.scalars(reply).one() == one_line(SHORT[name], 500)


@pytest.mark.parametrize("why", ["", UNKEEPABLE["NUL"], "x" * 5_000], ids=["none", "NUL", "long"])
def test_a_reason_that_cannot_be_kept_whole_stops_nobody(bob: Colleague, batch: Batch, why: str) -> None:
    press(bob, posting(batch))
    assert "Noted." in press(bob, back(batch), why=why).words
    kept = db.session.scalars(select(Attempt.reply).where(Attempt.outcome == "bounced")).one()
    assert len(kept) <= 500
    assert "\x00" not in kept


def test_two_colleagues_post_one_batch_once(
    bob: Colleague, alice: Colleague, waiting: Message, batch: Batch
) -> None:
    assert "1 letter is posted" in press(bob, posting(batch)).words
    assert "was marked as posted already" in press(alice, posting(batch)).words
    assert outcomes(waiting) == ["posted"]


def test_two_colleagues_put_one_batch_together(bob: Colleague, alice: Colleague, waiting: Message) -> None:
    press(bob, "/letters")
    assert "There is no letter to print." in press(alice, "/letters").words
    assert db.session.scalar(select(func.count(Batch.id))) == 1


def test_an_old_window_spoils_nothing_that_was_posted(bob: Colleague, waiting: Message, batch: Batch) -> None:
    press(bob, posting(batch))
    assert "was posted, or taken out, already" in press(bob, spoilt(batch)).words
    assert outcomes(waiting) == ["posted"]


def test_what_was_never_posted_cannot_come_back(bob: Colleague, waiting: Message, batch: Batch) -> None:
    assert "was not posted, or came back already" in press(bob, back(batch)).words
    db.session.refresh(waiting)
    assert (waiting.state, outcomes(waiting)) == ("queued", [])


def test_what_came_back_comes_back_once(bob: Colleague, waiting: Message, batch: Batch) -> None:
    press(bob, posting(batch))
    press(bob, back(batch))
    assert "came back already" in press(bob, back(batch)).words
    assert outcomes(waiting) == ["posted", "bounced"]


def test_a_spoilt_sheet_of_an_old_window_is_not_posted_with_the_batch(
    bob: Colleague, alice: Colleague, waiting: Message, batch: Batch
) -> None:
    press(bob, spoilt(batch))
    assert "is left to post" in press(alice, posting(batch)).words
    db.session.refresh(waiting)
    assert (waiting.state, outcomes(waiting)) == ("queued", ["spoilt"])


@pytest.mark.parametrize("id", ["0", "999999", str(2**63), "-1", "x"])
def test_what_is_not_there_is_not_found(bob: Colleague, people: Cast, id: str) -> None:
    for address in (f"/letters/{id}/posting", f"/sheets/{id}/spoilt", f"/sheets/{id}/return"):
        assert bob.post(address).status_code == 404
    assert bob.get(f"/letters/{id}.pdf").status_code == 404


def test_a_stranger_leaves_everything_as_it_was(charlie: Colleague, waiting: Message, batch: Batch) -> None:
    for address in (posting(batch), spoilt(batch), back(batch)):
        assert charlie.post(address, data={"why": "never"}).status_code == 404
    press(charlie, "/letters")
    assert db.session.scalars(select(Batch.organisation_id)).all() == [batch.organisation_id]
    db.session.refresh(batch)
    assert (batch.posted_at, db.session.scalars(select(Sheet.spoilt_at)).all()) == (None, [None])
    assert outcomes(waiting) == []
