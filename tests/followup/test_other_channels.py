"""Whatever is told by mail is told by phone and by letter too: dates that move, progress, corrections, "before it is sent"."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.access import Role
from core.db import db, writing
from core.errors import DomainError
from customers.models import Identity
from followup.composing import compose_due
from followup.no_news import compose_moves, compose_no_news
from followup.own_page.hearing import choose
from followup.previewing import previews
from followup.reaching import hearers, unreachable
from outbox.channels import ADDRESSED, BY_ITSELF, OFFERED
from outbox.suppressing import suppress
from promises.ledger import Scope, ledger
from promises.moving import When, move
from promises.wording import WHY_NOT
from surveys.models import Survey
from surveys.models_responses import CHANNELS, Response
from tests.cast import Cast
from tests.loop import answered, day, decided, promises_of
from tests.other_ways import HOME, MOBILE, NUMBER, asked_by, due_to, messages, offering
from triage.commenting import comments_of

DAY = timedelta(days=1)
WAYS = pytest.mark.parametrize("channel", ["phone", "letter", "sms"])


@pytest.fixture
def offered(people: Cast) -> None:
    with writing():
        offering(people, "phone", "letter", "sms")


def asked(channel: str, survey: Survey, now: datetime) -> Response:
    with writing():
        return asked_by(channel, survey, now)


@WAYS
def test_a_date_that_is_moved_is_told_in_their_way(
    people: Cast, survey: Survey, offered: None, now: datetime, channel: str
) -> None:
    rita = asked(channel, survey, now)
    with writing():
        later = When.by(day("2026-12-04"), "Europe/Amsterdam")
        move(promises_of(rita)[0], later, "The supplier is late.", Role.agent, now)
    assert compose_moves(now) == 1
    (message,) = messages(channel)
    assert "The supplier is late." in message.text
    assert message.kind == "moved"
    assert ledger(Scope(people.webshop.id)).promised == 1


@WAYS
def test_no_news_is_told_in_their_way(
    people: Cast, survey: Survey, offered: None, now: datetime, channel: str
) -> None:
    rita = asked(channel, survey, now)
    due = promises_of(rita)[0].due_at
    assert compose_no_news(due) == 1
    (message,) = messages(channel)
    assert "There is no news yet." in message.text
    assert ledger(Scope(people.webshop.id)).adds_up


@WAYS
def test_before_it_is_sent_they_are_counted_by_channel(
    people: Cast, survey: Survey, offered: None, now: datetime, channel: str
) -> None:
    rita = asked(channel, survey, now)
    with writing():
        by_mail = answered(survey, now, email="rob@example.com")
    found = hearers(people.webshop.id, [rita.id, by_mail.id])
    assert (found.channels[channel], found.mail, found.page, found.messages) == (1, 1, 0, 2)
    assert unreachable(rita) == ""


@WAYS
def test_the_preview_shows_the_words_of_their_way(
    people: Cast, survey: Survey, offered: None, now: datetime, channel: str
) -> None:
    rita = asked(channel, survey, now)
    with writing():
        action = decided(people, now)
    (shown,) = previews(comments_of(rita), action, now).mails
    assert shown.to == {"phone": NUMBER, "letter": HOME, "sms": MOBILE}[channel]
    assert "We now use a stronger box." in shown.text
    assert ("http" in shown.text) == (channel == "sms"), "nobody reads an address aloud, or clicks on paper"


@WAYS
def test_an_address_that_is_blocked_is_counted_as_such(
    people: Cast, survey: Survey, offered: None, now: datetime, channel: str
) -> None:
    rita = asked(channel, survey, now)
    with writing():
        suppress(people.webshop.id, {"phone": NUMBER, "letter": HOME, "sms": MOBILE}[channel], "by_hand", now)
        due_to(people, rita, now)
    assert hearers(people.webshop.id, [rita.id]).not_reached == {"suppressed": 1}
    compose_due(now)
    assert ledger(Scope(people.webshop.id)).unreachable == {f"{channel}_suppressed": 1}


@WAYS
def test_an_address_is_asked_for_once(
    people: Cast, survey: Survey, offered: None, now: datetime, channel: str
) -> None:
    with writing():
        rita = answered(survey, now)
    address = {"phone": "043 123 45 67", "letter": HOME, "sms": "06 12 34 56 78"}[channel]
    with pytest.raises(DomainError), writing():
        choose(rita, channel, "nothing of the kind", now)
    with writing():
        choose(rita, channel, address, now, "mail")
        choose(rita, "mail", "", now)
        choose(rita, channel, "", now)
    assert (rita.channel, rita.identity and rita.identity.kind) == (channel, ADDRESSED[channel])
    kinds = select(Identity.kind).where(Identity.customer_id == rita.customer_id)
    assert sorted(db.session.scalars(kinds)) == sorted(["mail", ADDRESSED[channel]])
    assert len([p for p in promises_of(rita) if not p.ended_at]) == 1


def test_every_channel_has_its_words_and_its_address() -> None:
    assert set(CHANNELS) == {"page", *ADDRESSED}
    assert set(OFFERED) < set(ADDRESSED)
    for channel in OFFERED:
        assert {f"{channel}_failed", f"{channel}_suppressed"} <= set(WHY_NOT)
    assert set(BY_ITSELF) == {"mail", "sms"}
