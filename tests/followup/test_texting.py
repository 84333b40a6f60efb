"""Who chose a text message: short words with a link, sent by the clock, told once their gateway accepted it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from core.db import writing
from core.errors import DomainError
from followup.carrying import IN_A_TEXT, by_person
from followup.composing import compose_due
from followup.falling_back import fall_back
from followup.own_page.hearing import choose
from followup.receipts import compose_receipts
from followup.spoken import within
from outbox import texting
from outbox.channels.sms import LONGEST
from outbox.deciding import decide_delivered
from outbox.models import Message
from outbox.queries import opened
from outbox.slots import filled
from promises.ledger import Ledger, Scope, ledger
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.gateway import Gateway, running
from tests.hostile import WORDS
from tests.loop import answered, decided, promises_of, settled
from tests.other_ways import MOBILE, asked_by, due_to, messages, offering
from tests.outbox.texts import set_up

pytestmark = pytest.mark.settings(smtp_url="smtp://127.0.0.1:9", alert_hosts=("127.0.0.1",))
DAY = timedelta(days=1)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running() as server:
        yield server


@pytest.fixture
def rita(people: Cast, survey: Survey, now: datetime) -> Response:
    """Asked for a text, and may read it on her own page where that fails."""
    with writing():
        offering(people, "sms")
        return asked_by("sms", survey, now, otherwise="page")


@pytest.fixture
def text(people: Cast, rita: Response, now: datetime) -> Message:
    """What is sent to Rita, composed."""
    with writing():
        due_to(people, rita, now)
    assert compose_due(now) == 1
    (text,) = messages("sms")
    return text


def stands(people: Cast) -> Ledger:
    found = ledger(Scope(people.webshop.id))
    assert found.adds_up
    return found


def test_the_answer_is_promised_by_text(people: Cast, rita: Response, now: datetime) -> None:
    assert (rita.channel, rita.otherwise, rita.identity and rita.identity.value) == ("sms", "page", MOBILE)
    assert [p.channel for p in promises_of(rita)] == ["sms"]
    assert compose_receipts(now) == 1, "on her own page: a text costs money, and says nothing yet"
    assert not messages("sms")


def test_its_words_are_short_and_lead_to_their_own_page(rita: Response, text: Message) -> None:
    assert (text.recipient, text.html, text.state) == (MOBILE, "", "queued")
    said = filled(text.text, text.slot, text.links).strip()
    assert said.startswith("Alice Adams of Webshop, about what you answered on 23 November:")
    assert "We now use a stronger box." in said
    assert said.endswith(f"/f/{rita.id}.{rita.link_version}." + said[-26:])
    assert len(said) <= LONGEST
    assert text.expires_at - text.created_at == timedelta(hours=72), (
        "the clock sends it: it does not wait a year"
    )


def test_what_stands_in_the_database_opens_nothing(text: Message) -> None:
    assert "http" not in text.text, "the link is filled in when it is sent"
    assert "/f/…" in opened(text).text, "and a colleague reads what it is for"


@pytest.mark.both_databases
def test_told_is_what_the_gateway_accepted(
    people: Cast, text: Message, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    assert stands(people).promised == 1, "what nobody took yet is not told"
    assert texting.deliver(now) == 1
    assert stands(people).told_how == {"done": 1}
    assert text.server_reply == "accepted by JSON: 200"


def test_a_refusal_is_told_on_their_own_page(
    people: Cast, rita: Response, text: Message, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("wrong"))
    texting.deliver(now)
    assert stands(people).unreachable == {"sms_failed": 1}
    assert fall_back(now) == 1
    assert (rita.channel, rita.otherwise) == ("page", "")
    assert stands(people).told == 1


def test_who_allowed_nothing_else_is_unreachable_with_the_reason(
    people: Cast, rita: Response, text: Message, gateway: Gateway, now: datetime
) -> None:
    with writing():
        rita.otherwise = ""
    set_up(people.webshop, gateway.address("wrong"))
    texting.deliver(now)
    assert fall_back(now) == 0
    assert stands(people).unreachable == {"sms_failed": 1}


def test_the_unknown_is_still_owed_until_a_person_decides(
    people: Cast, text: Message, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("drop"))
    texting.deliver(now)
    assert text.state == "unknown"
    assert stands(people).told == 0
    assert fall_back(now + 4 * DAY) == 0, "it may have arrived: nobody is told twice"
    with writing():
        decide_delivered(text, now + DAY)
    assert stands(people).told == 1


def test_a_text_waits_for_the_morning_and_is_promised_until_then(
    people: Cast, text: Message, gateway: Gateway, now: datetime
) -> None:
    set_up(people.webshop, gateway.address("yes"))
    night = now + timedelta(hours=12)
    assert texting.deliver(night) == 0
    assert (gateway.heard, stands(people).promised) == ([], 1)
    texting.deliver(night + timedelta(hours=11))
    assert stands(people).told == 1


def test_a_fixed_line_gets_no_texts(people: Cast, survey: Survey, rita: Response, now: datetime) -> None:
    with writing():
        other = answered(survey, now)
    with pytest.raises(DomainError, match="fixed line"), writing():
        choose(other, "sms", "043 123 45 67", now)
    with writing():
        choose(other, "sms", "06 87 65 43 21", now)
    assert (other.channel, other.identity and other.identity.value) == ("sms", "+31 6 87654321")


def test_two_answers_fit_a_text_and_a_third_has_one_of_its_own() -> None:
    rows = [(n, n, 5, "sms") for n in range(5)] + [(9, 9, 6, "mail")]
    assert list(by_person(rows)) == [[0, 1], [2, 3], [4], [9]]
    assert IN_A_TEXT == 2


def test_two_answers_of_one_person_share_the_room(
    people: Cast, survey: Survey, rita: Response, now: datetime
) -> None:
    with writing():
        again = asked_by("sms", survey, now, nonce="again")
        for each in (rita, again):
            due_to(people, each, now)
    compose_due(now)
    (text,) = messages("sms")
    said = filled(text.text, text.slot, text.links).strip()
    assert said.count("/f/") == 2
    assert len(said) <= LONGEST


@pytest.mark.parametrize("language", ["en", "nl", "de"])
def test_however_long_the_words_are_it_stays_within_bounds(
    people: Cast, survey: Survey, now: datetime, language: str
) -> None:
    with writing():
        offering(people, "sms")
        people.webshop.name = "An organisation with a name " * 7
        rita = asked_by("sms", survey, now, language=language)
        action = decided(people, now)
        action.public_note = {language: "Woorden zonder einde. " * 60, "en": "Words without end. " * 60}
        settled(rita, action, now)
    compose_due(now)
    (text,) = messages("sms")
    said = filled(text.text, text.slot, text.links).strip()
    assert len(said) <= LONGEST
    assert said.count("/f/") == 1, "whatever is cut, never the link"


@pytest.mark.parametrize(
    ("words", "room", "said"),
    [
        ("short", 20, "short"),
        ("on two\n\nlines", 20, "on two lines"),
        ("whole words are kept here", 20, "whole words are..."),
        ("x" * 40, 20, "x" * 17 + "..."),
        ("too little is left", 10, ""),
        ("anything", -50, ""),
        ("", 20, ""),
    ],
)
def test_words_are_cut_between_words(words: str, room: int, said: str) -> None:
    assert within(words, room) == said


@pytest.mark.parametrize("words", WORDS)
def test_whatever_is_written_fits(words: str) -> None:
    assert len(within(words, 60)) <= 60
