"""What comes to the page of calls and should not do harm: any words, any number, any day, an old window, a stranger."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from core.db import db, writing
from core.text import one_line
from followup.composing import compose_due
from outbox.models import Attempt, Message
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to
from tests.each import each
from tests.hostile import ALL_AT_ONCE, DAYS, NUMBERS, UNKEEPABLE, WORDS, as_shown, foreign
from tests.other_ways import asked_by, due_to, messages, offering
from tests.pages import Page

SHORT = {name: words for name, words in WORDS.items() if len(words) <= 500}
PRINTABLE = "".join(c for c in ALL_AT_ONCE if c.isprintable())
TOO_LONG = {name: words for name, words in WORDS.items() if len(words) > 500}


@pytest.fixture
def call(people: Cast, survey: Survey, now: datetime, monday: object) -> Message:
    with writing():
        offering(people, "phone")
        due_to(people, asked_by("phone", survey, now, otherwise="page"), now)
    compose_due(now)
    return messages("phone")[0]


def where(call: Message) -> str:
    return f"/calls/{call.id}/outcome"


def window(browser: Colleague, call: Message) -> dict[str, str]:
    """The form as it stands on a page that is open now."""
    return form_to(Page(browser.get("/calls")), where(call))


def press(browser: Colleague, call: Message, form: dict[str, str], **typed: str) -> Page:
    return Page(browser.post(where(call), data=form | typed, follow_redirects=True))


def tries(call: Message) -> int:
    return db.session.scalar(select(func.count(Attempt.id)).where(Attempt.message_id == call.id)) or 0


def untouched(call: Message) -> bool:
    db.session.refresh(call)
    return (call.state, call.tries, tries(call)) == ("queued", 0, 0)


@pytest.mark.parametrize("name", SHORT)
def test_any_note_is_kept_on_one_line_and_shown_as_words(bob: Colleague, call: Message, name: str) -> None:
    page = press(bob, call, window(bob, call), outcome="not_reached", note=SHORT[name])
    assert page.status == 200
    assert foreign(page.tree) == []
    kept = db.session.scalars(select(Attempt.reply).where(Attempt.message_id == call.id)).one()
    assert kept == one_line(SHORT[name], 500)
    assert as_shown(kept) in as_shown("".join(page.tree.itertext()))


@pytest.mark.parametrize("name", TOO_LONG)
def test_a_note_that_is_too_long_is_refused_and_stays_in_the_form(
    bob: Colleague, call: Message, name: str
) -> None:
    page = press(bob, call, window(bob, call), outcome="reached", note=TOO_LONG[name])
    assert page.status == 422
    assert "500" in page.words
    assert as_shown(TOO_LONG[name]) in as_shown(page.element(f"note-{call.id}").attrib["value"])
    assert untouched(call)


def test_everything_at_once_comes_back_as_words(bob: Colleague, call: Message) -> None:
    page = press(bob, call, window(bob, call), outcome="reached", note=PRINTABLE)
    assert page.status == 422
    assert foreign(page.tree) == []


def test_a_character_that_no_database_keeps_stops_nobody(bob: Colleague, call: Message) -> None:
    page = press(bob, call, window(bob, call), outcome="not_reached", note=UNKEEPABLE["NUL"])
    assert page.status == 200
    assert "\x00" not in db.session.scalars(select(Attempt.reply)).one()


@each("number", [n for n in NUMBERS if n.strip() != "0"])
def test_a_number_of_tries_that_stood_on_no_page_records_nothing(
    bob: Colleague, call: Message, number: str
) -> None:
    page = press(bob, call, window(bob, call), outcome="reached", seen=number)
    assert page.status in {409, 422}
    assert untouched(call)


@pytest.mark.parametrize("day", [day for day in DAYS if day])
def test_a_day_that_cannot_be_the_next_is_a_sentence(bob: Colleague, call: Message, day: str) -> None:
    page = press(bob, call, window(bob, call), outcome="not_reached", again_on=day)
    assert page.status == 422
    sentences = ("within two months", "is not a date", "That date is too far away.")
    assert any(sentence in page.words for sentence in sentences)
    assert untouched(call)


@pytest.mark.parametrize("outcome", ["", "sent", "REACHED", "reached ", "queued", "<b>", "\x00"])
def test_only_what_is_offered_can_have_come_of_it(bob: Colleague, call: Message, outcome: str) -> None:
    assert press(bob, call, window(bob, call), outcome=outcome).status == 422
    assert untouched(call)


@pytest.mark.parametrize("id", ["0", "999999", str(2**63 - 1), str(2**63), "1e3", "-1", "x"])
def test_a_call_that_is_not_there_is_not_found(bob: Colleague, call: Message, id: str) -> None:
    assert bob.post(f"/calls/{id}/outcome", data={"outcome": "reached", "seen": "0"}).status_code == 404


def test_two_windows_on_one_call_count_once(bob: Colleague, alice: Colleague, call: Message) -> None:
    """Both were open before either was sent: the second reads that a colleague was first, and keeps its note."""
    bobs, alices = window(bob, call), window(alice, call)
    assert press(bob, call, bobs, outcome="not_reached", note="Nobody home.").status == 200
    late = press(alice, call, alices, outcome="reached", note="She was glad.")
    assert late.status == 409
    assert "A colleague wrote down what came of this call." in late.words
    assert late.element(f"note-{call.id}").attrib["value"] == "She was glad."
    db.session.refresh(call)
    assert (call.state, call.tries, tries(call)) == ("queued", 1, 1)


def test_the_same_window_sent_twice_counts_once(bob: Colleague, call: Message) -> None:
    form = window(bob, call)
    assert [press(bob, call, form, outcome="not_reached").status for _ in range(3)] == [200, 409, 409]
    assert tries(call) == 1


def test_who_looks_again_after_that_can_go_on(bob: Colleague, call: Message) -> None:
    form = window(bob, call)
    press(bob, call, form, outcome="not_reached")
    press(bob, call, form, outcome="not_reached")
    assert press(bob, call, window(bob, call), outcome="reached").status == 200
    db.session.refresh(call)
    assert (call.state, tries(call)) == ("sent", 2)


def test_nothing_changes_what_was_heard(bob: Colleague, call: Message) -> None:
    """Of somebody who was reached, an old window makes neither a wrong number nor a wish to hear nothing."""
    form = window(bob, call)
    press(bob, call, form, outcome="reached")
    for outcome in ("wrong_number", "unwanted", "not_reached"):
        assert press(bob, call, form | {"seen": "1"}, outcome=outcome).status == 409
    db.session.refresh(call)
    assert (call.state, tries(call)) == ("sent", 1)


def test_a_stranger_and_a_viewer_record_nothing(charlie: Colleague, vera: Colleague, call: Message) -> None:
    said = {"outcome": "unwanted", "seen": "0"}
    assert charlie.post(where(call), data=said).status_code == 404
    assert vera.post(where(call), data=said).status_code == 403
    assert untouched(call)


def test_a_stranger_reads_neither_number_nor_words(charlie: Colleague, call: Message) -> None:
    page = Page(charlie.get("/calls"))
    assert call.recipient not in page.html
    assert "stronger box" not in page.words


def test_a_mail_is_no_call(bob: Colleague, people: Cast, survey: Survey, call: Message) -> None:
    """What is sent by itself has nothing that a colleague could note."""
    with writing():
        call.channel = "mail"
    page = Page(bob.post(where(call), data={"outcome": "reached", "seen": "0"}))
    assert page.status == 409
    assert untouched(call)
