"""Take one message away by hand, and everything that counts says so."""

from datetime import date

from flask import Flask
from sqlalchemy import select, text

from accounts.models import Staff
from core.db import db, writing
from core.models import Organisation
from promises.ledger import Scope, ledger
from promises.models import Promise, Update
from reports.pdf.document import PROFILES, manuscript
from reports.summary import summary
from surveys.models import Round
from surveys.models_responses import Response
from tests.browser import Colleague, signed_in
from tests.demo.played import year

MONTH = date(2026, 3, 1)


def organisation() -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.slug == "fietsgoed")).one()


def take_away() -> int:
    """One message that told somebody what was done, gone from the database; returns its response."""
    done = select(Update).join(Promise).join(Response).join(Round, Round.id == Response.round_id)
    query = done.where(
        Update.how == "done",
        Update.channel == "mail",
        Round.starts_on == MONTH,
        Update.organisation_id == organisation().id,
    )
    update = db.session.scalars(query.order_by(Update.id.desc()).limit(1)).one()
    response_id = update.promise.response_id
    with writing():
        db.session.execute(text("DELETE FROM message WHERE id = :id"), {"id": update.message_id})
    return response_id


def test_the_ledger_says_so(own_demo: Flask) -> None:
    before = ledger(Scope(organisation().id))
    take_away()
    after = ledger(Scope(organisation().id))
    assert before.adds_up
    assert not after.adds_up
    assert after.responses == before.responses
    assert after.lost + after.unproven >= 1


def test_the_command_says_so(own_demo: Flask) -> None:
    assert own_demo.test_cli_runner().invoke(args=["ledger", "verify"]).exit_code == 0
    take_away()
    answer = own_demo.test_cli_runner().invoke(args=["ledger", "verify"])
    assert answer.exit_code == 1
    assert "missing=" in answer.output or "messages_gone=" in answer.output


def test_the_other_organisation_is_not_blamed(own_demo: Flask) -> None:
    take_away()
    other = db.session.scalars(select(Organisation).where(Organisation.slug == "wonen-aan-de-maas")).one()
    assert ledger(Scope(other.id)).adds_up


def marieke(app: Flask) -> Colleague:
    """Manager of the webshop."""
    return signed_in(app, db.session.scalars(select(Staff).where(Staff.name == "Marieke Postma")).one())


def test_the_page_says_so(own_demo: Flask) -> None:
    browser = marieke(own_demo)
    assert 'class="verdict"' in browser.get("/ledger").text
    take_away()
    page = browser.get("/ledger").text
    assert 'class="verdict"' not in page
    assert '<div class="errors" role="alert">' in page


def test_the_page_says_whose_it_was(own_demo: Flask) -> None:
    browser, response = marieke(own_demo), db.session.get_one(Response, take_away())
    assert response.customer
    assert f"/responses/{response.id}" in browser.get("/ledger?state=missing").text
    assert f"/responses/{response.id}" not in browser.get("/ledger?state=told").text
    assert browser.get(f"/responses/{response.id}").status_code == 200


def test_the_report_says_so_on_its_first_page(own_demo: Flask) -> None:
    assert not summary(year("bestelling", "en")).alert
    take_away()
    figures = year("bestelling", "en")
    assert not figures.ledger.adds_up
    assert summary(figures).alert
    assert summary(figures).alert.split(":")[0] in manuscript(figures, "en", [], PROFILES[0]).html
