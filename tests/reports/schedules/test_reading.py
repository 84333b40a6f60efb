"""The link in a reader's mail: it opens one report and nothing else, for ninety days, and stops the next with one click."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Membership
from core import links
from core.db import db, writing
from reports.models import Report
from reports.schedules import scheduling
from reports.schedules.models import Delivery, Schedule
from reports.schedules.schedule_jobs import ask_on_schedule, mail_reports
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import survey
from tests.pages import Page, get, send
from tests.reports.schedules.scheduled import DECEMBER, PDF, done, mails, ran
from tests.reports.schedules.test_scheduling import BOARD, made

__all__ = ["survey"]
pytestmark = pytest.mark.usefixtures("at_that_time")
JANUARY = DECEMBER + timedelta(days=31)


@pytest.fixture
def at_that_time(client: FlaskClient) -> Iterator[object]:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(DECEMBER, tick=False) as clock:
        yield clock


@pytest.fixture
def schedule(people: Cast, survey: Survey, now: datetime) -> Schedule:
    return made(people, now, ("bob@webshop.example", BOARD), language="en", survey=survey)


@pytest.fixture
def report(schedule: Schedule) -> Report:
    (report,) = ran()
    mail_reports(DECEMBER)
    return report


def page_of(mail: str) -> str:
    sent = db.session.scalars(select(Delivery).where(Delivery.address == mail).order_by(Delivery.id)).first()
    assert sent
    return links.path("report", sent.id, sent.link_version)


def test_it_opens_the_pdf_without_signing_in_and_without_a_cookie(
    client: FlaskClient, report: Report
) -> None:
    answer = client.get(f"{page_of(BOARD)}/{report.id}.pdf")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert "Set-Cookie" not in answer.headers
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_the_page_leads_to_it_and_names_no_whole_address(client: FlaskClient, report: Report) -> None:
    page = get(client, page_of(BOARD))
    assert page.heading == "Report of 1 November 2026 to 30 November 2026"
    assert f"{page_of(BOARD)}/{report.id}.pdf" in page.links().values()
    assert BOARD not in page.html
    assert "Set-Cookie" not in page.headers


def test_it_opens_no_other_report(client: FlaskClient, report: Report, survey: Survey) -> None:
    with writing():
        other = Report(
            organisation_id=survey.organisation_id, survey=survey, first_day=report.first_day, last_day=report.last_day, language="en",
            requested_by="Alice", requested_at=DECEMBER, state="ready", pdf=b"%PDF secret", sha256="0" * 64, rendered_at=DECEMBER, figures={},
        )  # fmt: skip
        db.session.add(other)
    for id in (other.id, 0, 999, 2**63 - 1, 2**63):
        assert client.get(f"{page_of(BOARD)}/{id}.pdf").status_code == 404


def test_it_opens_nothing_else_of_the_house(client: FlaskClient, report: Report) -> None:
    client.get(f"{page_of(BOARD)}/{report.id}.pdf")
    for address in ("/reports", f"/reports/{report.id}", f"/reports/{report.id}.pdf", "/reports/schedules"):
        assert client.get(address).status_code == 401


@pytest.mark.security("token not verified")
@pytest.mark.parametrize("wrong", ["other mac", "other version", "other id", "other purpose", "none"])
def test_any_other_link_is_a_strangers(client: FlaskClient, report: Report, wrong: str) -> None:
    stem, token = page_of(BOARD).rsplit("/", 1)
    id, version, mac = token.split(".")
    text = {
        "other mac": f"{id}.{version}.{'a' * 26}", "other version": f"{id}.2.{mac}", "other id": f"1{id}.{version}.{mac}",
        "other purpose": links.token("status", int(id)), "none": "x",
    }[wrong]  # fmt: skip
    for address in (f"{stem}/{text}", f"{stem}/{text}/{report.id}.pdf"):
        assert client.get(address).status_code == 404
    assert client.post(f"{stem}/{text}", data={"List-Unsubscribe": "One-Click"}).status_code == 404


def test_it_opens_all_of_the_ninetieth_day_and_then_says_that_it_is_over(
    client: FlaskClient, report: Report
) -> None:
    address = page_of(BOARD)
    with time_machine.travel(datetime(2027, 3, 1, 22, 59, tzinfo=UTC), tick=False):
        assert client.get(f"{address}/{report.id}.pdf").status_code == 200
    with time_machine.travel(datetime(2027, 3, 1, 23, 0, tzinfo=UTC), tick=False):
        page = Page(client.get(f"{address}/{report.id}.pdf"))
        assert page.status == 410
        assert "Whoever sent it to you can give it to you again." in page.words
        assert "ninety days" in get(client, address).words
        assert send(client, get(client, address)).status_code == 200, "it still stops the next"


def test_whoever_is_taken_off_can_no_longer_open_it(
    client: FlaskClient, schedule: Schedule, report: Report
) -> None:
    address, others = page_of(BOARD), page_of("bob@webshop.example")
    with writing():
        scheduling.change(schedule, "en", ["bob@webshop.example"], DECEMBER)
    assert client.get(address).status_code == client.get(f"{address}/{report.id}.pdf").status_code == 404
    assert client.get(f"{others}/{report.id}.pdf").status_code == 200


def test_taken_off_and_put_back_the_old_link_stays_shut(
    client: FlaskClient, schedule: Schedule, report: Report
) -> None:
    address = page_of(BOARD)
    for readers in (["bob@webshop.example"], ["bob@webshop.example", BOARD]):
        with writing():
            scheduling.change(schedule, "en", readers, DECEMBER)
    assert client.get(f"{address}/{report.id}.pdf").status_code == 404


def test_whoever_left_can_no_longer_open_it(client: FlaskClient, people: Cast, report: Report) -> None:
    address = page_of("bob@webshop.example")
    with writing():
        held = select(Membership).where(Membership.staff_id == people.bob.id)
        db.session.scalars(held).one().left_at = DECEMBER
    assert client.get(f"{address}/{report.id}.pdf").status_code == 404


def test_an_ended_schedule_leaves_what_was_sent(
    client: FlaskClient, schedule: Schedule, report: Report
) -> None:
    with writing():
        scheduling.end(schedule, DECEMBER)
    assert client.get(f"{page_of(BOARD)}/{report.id}.pdf").status_code == 200


def test_while_it_is_made_again_it_says_so(client: FlaskClient, report: Report) -> None:
    with writing():
        report.state, report.pdf, report.sha256, report.rendered_at = "queued", None, None, None
    page = Page(client.get(f"{page_of(BOARD)}/{report.id}.pdf"))
    assert page.status == 503
    assert "being made again" in page.words
    assert "being made again" in get(client, page_of(BOARD)).words


@pytest.mark.security("scanner")
def test_a_scanner_that_opens_everything_stops_nothing(
    client: FlaskClient, schedule: Schedule, report: Report
) -> None:
    for _ in range(3):
        for address in (page_of(BOARD), f"{page_of(BOARD)}/{report.id}.pdf"):
            client.get(address)
            client.head(address)
    assert client.post(page_of(BOARD), data={}).status_code == 422
    db.session.expire_all()
    assert [reader.stopped_at for reader in schedule.readers] == [None, None]


def test_one_click_stops_the_next_for_this_reader_alone(
    client: FlaskClient, schedule: Schedule, report: Report
) -> None:
    page = Page(send(client, get(client, page_of(BOARD))))
    assert page.heading == "You get no more of these reports"
    assert ask_on_schedule(JANUARY) == 1
    done(JANUARY)
    mail_reports(JANUARY)
    assert [mail.recipient for mail in mails()] == ["bob@webshop.example", BOARD, "bob@webshop.example"]


def test_a_mail_program_may_click_it_from_anywhere_and_twice(
    client: FlaskClient, schedule: Schedule, report: Report
) -> None:
    for _ in range(2):
        answer = client.post(
            page_of(BOARD), data={"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    db.session.expire_all()
    assert [bool(reader.stopped_at) for reader in schedule.readers] == [False, True]


def test_what_was_sent_before_still_opens_then(client: FlaskClient, report: Report) -> None:
    send(client, get(client, page_of(BOARD)))
    page = get(client, page_of(BOARD))
    assert page.heading == "You get no more of these reports"
    assert client.get(f"{page_of(BOARD)}/{report.id}.pdf").data == PDF
    assert "<form" not in page.html


@pytest.mark.parametrize(("asked", "words"), [("nl", "Niet meer naar mij"), ("en", "No longer to me")])
def test_the_page_speaks_dutch_and_english(
    client: FlaskClient, report: Report, asked: str, words: str
) -> None:
    assert words in get(client, f"{page_of(BOARD)}?lang={asked}").words
