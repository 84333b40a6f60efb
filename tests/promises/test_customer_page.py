"""One customer on one page: every address, every answer, and where each stands."""

from datetime import datetime

from sqlalchemy import select

from core.db import db, writing
from customers.models import Customer, Identity
from customers.recognising import Contact, recognise
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast, make_customer
from tests.desk import said, scored
from tests.pages import get


def test_every_address_and_whether_it_is_proved(bob: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        recognise(
            people.webshop.id, Contact(email="rita@example.com", phone="06 12345678", external_id="C-7"), now
        )
    words = get(bob, f"/customers/{people.rita.id}").words
    assert "mail rita@example.com proved Monday 23 November 2026" in words
    assert "phone 06 12345678 claimed" in words
    assert "number C-7 claimed" in words


def test_every_answer_and_where_it_stands(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    said(survey, now)
    said(survey, now, wants="none")
    counted = scored(survey, now)
    with writing():
        counted.is_test = True
    words = get(bob, f"/customers/{people.rita.id}").words
    assert "promised by Monday 30 November 2026" in words
    assert "a test, which does not count" in words


def test_no_answers_yet(bob: Colleague, people: Cast) -> None:
    assert "This person has not answered a survey." in get(bob, f"/customers/{people.rita.id}").words


def test_the_list_is_searched_in_names_and_addresses(bob: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        make_customer(people.webshop, "Ömer Öztürk", "omer@example.org", now)
    for words in ("RITA@example", "ritsema", "Ömer", "öztürk".capitalize()):
        assert get(bob, f"/customers?q={words}").html.count('scope="row"') == 1, words
    assert "Nobody matches" in get(bob, "/customers?q=%25").words
    assert get(bob, "/customers?q=%00").html.count('scope="row"') == 2


def test_the_list_goes_on_page_after_page(bob: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        for number in range(50):
            make_customer(people.webshop, f"Customer {number}", f"{number}@example.org", now)
    first = get(bob, "/customers")
    assert first.html.count('scope="row"') == 50
    assert "Rita Ritsema" in get(bob, first.links()["Older"]).words


def test_nobody_yet(charlie: Colleague, people: Cast) -> None:
    assert "Nobody yet" in get(charlie, "/customers").words


def test_who_was_merged_is_listed_once(bob: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        twin = make_customer(people.webshop, "R. Ritsema", "r@example.org", now)
        twin.merged_into_id = people.rita.id
    assert "R. Ritsema" not in get(bob, "/customers").words


def test_their_name_is_text(bob: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        make_customer(people.webshop, "<b>Bold</b> {{7*7}}", "bold@example.org", now)
    page = get(bob, "/customers")
    assert "<b>Bold</b> {{7*7}}" in page.words
    assert "<b>Bold" not in page.html


def test_others_and_strangers(charlie: Colleague, vera: Colleague, people: Cast) -> None:
    assert charlie.get(f"/customers/{people.rita.id}").status_code == 404
    assert vera.get(f"/customers/{people.rita.id}").status_code == 200
    assert vera.get("/customers/9223372036854775808").status_code == 404
    assert len(db.session.scalars(select(Customer)).all()) == len(db.session.scalars(select(Identity)).all())
