"""The organisation's record: who may change it, and what it must look like."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db
from core.models import Event
from tests.browser import Colleague, fields, signed_in
from tests.cast import Cast
from tests.each import each

ADDRESS = "/settings/organisation"


@pytest.fixture
def alice(app: Flask, people: Cast) -> Colleague:
    return signed_in(app, people.alice)


def as_it_is(alice: Colleague) -> dict[str, str]:
    typed = fields(alice.get(ADDRESS).text, ADDRESS)
    typed.pop("channels", "")  # boxes that nobody ticked
    return {**typed, "form_of_address": "u", "language": "nl"}


def test_a_manager_changes_it_and_every_page_shows_it(alice: Colleague, people: Cast) -> None:
    new = {"name": "De Winkel", "phone": "020 123 45 67", "mail": "hallo@winkel.example", "accent": "#224488"}
    assert alice.post(ADDRESS, data={**as_it_is(alice), **new, "hours_5": "10:00 - 14:00"}).status_code == 303
    shop = people.webshop
    assert (shop.name, shop.phone, shop.mail, shop.accent) == tuple(new.values())
    assert shop.hours == [["09:00", "17:00"]] * 5 + [["10:00", "14:00"], None]
    page = alice.get("/settings").text
    assert "De Winkel" in page
    assert "--accent: #224488" in page


def test_the_event_names_the_fields_and_not_the_words(alice: Colleague) -> None:
    alice.post(ADDRESS, data={**as_it_is(alice), "phone": "020 123 45 67"})
    event = db.session.scalars(select(Event)).one()
    assert (event.verb, event.detail) == ("organisation.changed", {"fields": ["phone"]})


def test_saving_what_is_there_changes_nothing(alice: Colleague) -> None:
    assert alice.post(ADDRESS, data=as_it_is(alice)).status_code == 303
    assert not db.session.scalars(select(Event)).all()


@each(
    ("field", "value"),
    [
        ("name", ""),
        ("mail", "not an address"),
        ("mail", "a@x.example\r\nBcc: b@x.example"),
        ("accent", "red"),
        ("accent", "#12345"),
        ("accent", "#ffffff;}"),
        ("hours_0", "nine to five"),
        ("hours_0", "17:00-09:00"),
        ("hours_0", "25:00-26:00"),
        ("form_of_address", "gij"),
        ("language", "tlh"),
        ("address", "x" * 201),
    ],
)
def test_what_cannot_be_comes_back_with_all_that_was_typed(
    alice: Colleague, people: Cast, field: str, value: str
) -> None:
    answer = alice.post(ADDRESS, data={**as_it_is(alice), "phone": "typed by hand", field: value})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert "typed by hand" in answer.text
    assert people.webshop.phone == ""


def test_what_is_typed_is_text(alice: Colleague, people: Cast, now: datetime) -> None:
    hostile = '<script>alert(1)</script>{{7*7}}"'
    alice.post(ADDRESS, data={**as_it_is(alice), "name": hostile})
    assert people.webshop.name == hostile
    page = alice.get("/settings").text
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


def test_an_agent_sees_no_way_there(app: Flask, people: Cast) -> None:
    assert ADDRESS not in signed_in(app, people.bob).get("/settings").text
    assert ADDRESS in signed_in(app, people.alice).get("/settings").text
