"""The organisation's record: hours, colour and addresses at their bounds, and what a change leaves behind."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from accounts.record import Record, rewrite
from core.db import db, writing
from core.models import WORKING_HOURS, Event, Organisation
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.each import each
from tests.hostile import ADDRESSES, WORDS
from tests.pages import Page, get, send

RECORD = "/settings/organisation"


@pytest.fixture
def alice(app: Any, people: Cast) -> Colleague:
    """A manager."""
    return signed_in(app, people.alice)


def sent(alice: Colleague, **typed: str) -> Page:
    return Page(send(alice, get(alice, RECORD), **typed))


def kept() -> Organisation:
    db.session.rollback()
    return db.session.scalars(select(Organisation).where(Organisation.slug == "webshop")).one()


@pytest.mark.parametrize(("typed", "hours"), [
    ("09:00-17:00", ["09:00", "17:00"]), (" 08:30 – 12:00 ", ["08:30", "12:00"]), ("00:00-23:59", ["00:00", "23:59"]), ("", None), ("   ", None),
])  # fmt: skip
def test_hours_of_a_day(alice: Colleague, typed: str, hours: list[str] | None) -> None:
    assert sent(alice, hours_5=typed).status == (422 if typed.isspace() else 303)
    assert kept().hours[5] == hours
    assert kept().hours[:5] == WORKING_HOURS[:5]


@each(
    "typed",
    [
        "9-17",
        "09:00",
        "17:00-09:00",
        "09:00-09:00",
        "24:00-25:00",
        "09:60-10:00",
        "closed",
        "09:00-17:00-18:00",
        "٠٩:00-17:00",
        "<b>",
    ],
)
def test_hours_that_cannot_be(alice: Colleague, typed: str) -> None:
    page = sent(alice, hours_0=typed)
    assert page.status == 422
    assert page.errors() == {
        "hours_0": "Hours look like 09:00-17:00. Leave it empty on a day that you are closed."
    }
    assert page.form()["hours_0"] == typed
    assert kept().hours == WORKING_HOURS


@each(("typed", "sound"), [
    ("#9a3b26", True), ("#FFFFFF", True), ("#fff", False), ("red", False), ("#9a3b2g", False), ("#9a3b26;}body{", False), ("url(x)", False), ("", False),
    ("#9a3b26\n", False),
])  # fmt: skip
def test_a_colour_is_a_colour(alice: Colleague, typed: str, sound: bool) -> None:
    page = alice.post(RECORD, data={**get(alice, RECORD).form(), "accent": typed})
    assert (page.status_code == 303) is sound
    assert (kept().accent == typed) is sound


def test_what_is_not_one_address_is_refused(alice: Colleague, subtests: pytest.Subtests) -> None:
    for address in ADDRESSES:
        with subtests.test(address):
            assert "mail" in sent(alice, mail=address).errors()
    assert kept().mail == ""


@pytest.mark.parametrize("field", ["name", "phone", "address"])
def test_each_part_is_one_line_of_words(alice: Colleague, field: str) -> None:
    words = "</title><script>\r\nBcc: x\x07"
    assert sent(alice, **{field: words}).status == 303
    assert getattr(kept(), field) == "</title><script> Bcc: x"
    assert "<script> Bcc" not in alice.get("/inbox").text


@pytest.mark.parametrize(("field", "most"), [("name", 200), ("phone", 40), ("address", 200)])
def test_each_part_up_to_its_length(alice: Colleague, field: str, most: int) -> None:
    assert sent(alice, **{field: "x" * (most + 1)}).status == 422
    assert sent(alice, **{field: "x" * most}).status == 303
    assert getattr(kept(), field) == "x" * most


def test_a_name_is_needed(alice: Colleague) -> None:
    for blank in ("", " ", "\t\n", "\x00", "\u2028"):
        assert sent(alice, name=blank).errors() == {"name": "Give the name that customers know."}
    assert kept().name == "Webshop"


@pytest.mark.both_databases
def test_a_change_is_told_by_the_names_of_the_fields(people: Cast, now: datetime) -> None:
    shop = people.webshop
    same = {name: getattr(shop, name) for name in Record.__slots__}
    with writing():
        assert rewrite(shop, Record(**same), now) == []
        assert rewrite(shop, Record(**{**same, "name": WORDS["script"], "phone": "1"}), now) == [
            "name",
            "phone",
        ]
    (event,) = db.session.scalars(select(Event).where(Event.verb == "organisation.changed"))
    assert event.detail == {"fields": ["name", "phone"]}
    assert "script" not in str(event.detail)
