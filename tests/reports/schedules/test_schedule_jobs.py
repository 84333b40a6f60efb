"""The ticks of a schedule: each period is asked for once, whoever ticks and however late, and its readers hear once."""

import re
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Membership
from core.db import db, writing
from core.settings import settings
from outbox.channels import transport
from outbox.delivering import deliver
from outbox.suppressing import suppress
from reports.jobs import LEASE, MOST_TRIES, render_due
from reports.models import Report
from reports.schedules import scheduling
from reports.schedules.models import Delivery, Schedule
from reports.schedules.schedule_jobs import ask_on_schedule, mail_reports
from surveys.models import Survey
from tests.cast import Cast, make_staff
from tests.desk import survey
from tests.loop import answered, opened_survey
from tests.reports.schedules.scheduled import DECEMBER, PDF, done, mails, ran, runs
from tests.reports.schedules.test_scheduling import BOARD, made
from tests.sink import Sink

__all__ = ["survey"]


@pytest.fixture
def schedule(people: Cast, survey: Survey, now: datetime) -> Schedule:
    return made(people, now, ("bob@webshop.example", BOARD), language="en", survey=survey)


def reports() -> list[Report]:
    db.session.rollback()
    return list(db.session.scalars(select(Report).order_by(Report.id)))


def test_nothing_is_asked_for_while_the_period_runs(schedule: Schedule) -> None:
    assert ask_on_schedule(DECEMBER - timedelta(hours=2)) == 0
    assert (runs(), reports()) == ([], [])


def test_when_it_is_over_its_report_is_asked_for(schedule: Schedule, survey: Survey) -> None:
    assert ask_on_schedule(DECEMBER) == 1
    (run,), (report,) = runs(), reports()
    assert (run.first_day, run.last_day, run.skipped) == (date(2026, 11, 1), date(2026, 11, 30), 0)
    assert (report.survey_id, report.first_day, report.last_day) == (survey.id, run.first_day, run.last_day)
    assert (report.language, report.requested_by, report.state) == ("en", "Alice Adams", "queued")


def test_asked_again_and_again_it_is_made_once(schedule: Schedule) -> None:
    assert [ask_on_schedule(DECEMBER + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]
    assert len(reports()) == 1


@pytest.mark.both_databases
def test_two_clocks_make_one(app: Flask, schedule: Schedule) -> None:
    found: list[int] = []

    def clock() -> None:
        with app.app_context():
            found.append(ask_on_schedule(DECEMBER))

    clocks = [Thread(target=clock) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert sorted(found) == [0, 0, 0, 1]
    assert (len(runs()), len(reports())) == (1, 1)


def test_a_missed_one_is_caught_up_and_the_older_ones_are_said_to_be_skipped(schedule: Schedule) -> None:
    assert ask_on_schedule(datetime(2027, 3, 5, tzinfo=UTC)) == 1
    (run,) = runs()
    assert (run.first_day, run.skipped) == (date(2027, 2, 1), 3)
    done(DECEMBER)
    mail_reports(datetime(2027, 3, 5, tzinfo=UTC))
    assert "3 periods before it were missed and are not made any more." in mails()[0].text


def test_the_next_one_comes_after_it(schedule: Schedule) -> None:
    for moment in (DECEMBER, datetime(2027, 1, 1, 6, tzinfo=UTC)):
        assert ask_on_schedule(moment) == 1
    assert [(run.first_day.month, run.skipped) for run in runs()] == [(11, 0), (12, 0)]


def test_a_clock_that_is_set_back_makes_nothing_again(schedule: Schedule) -> None:
    ask_on_schedule(datetime(2027, 1, 1, 6, tzinfo=UTC))
    assert ask_on_schedule(DECEMBER) == 0


def test_an_ended_one_asks_for_nothing(schedule: Schedule, now: datetime) -> None:
    with writing():
        scheduling.end(schedule, now)
    assert ask_on_schedule(DECEMBER) == 0


def test_of_all_surveys_there_is_a_report_each_in_one_mail(
    people: Cast, survey: Survey, now: datetime
) -> None:
    made(people, now, language="en")
    with writing():
        opened_survey(people, now, "repair")
    assert len(ran()) == 2
    mail_reports(DECEMBER)
    (mail,) = mails()
    assert mail.text.count("Read the report (PDF): ") == 2
    assert mail.subject == "Webshop: report of 1 November 2026 to 30 November 2026"


def test_one_report_says_all_of_page_one_and_several_say_less_of_each(
    people: Cast, schedule: Schedule, now: datetime
) -> None:
    made(people, now, ("all@example.com",), language="en")
    with writing():
        opened_survey(people, now, "repair")
    assert ask_on_schedule(DECEMBER) == 2
    done(DECEMBER)
    mail_reports(DECEMBER)
    words = {mail.recipient: mail.text for mail in mails()}
    assert "invitations that arrived" in words[BOARD]
    assert "invitations that arrived" not in words["all@example.com"]
    assert words["all@example.com"].count("Did we write by the date?") == 2


def test_without_a_survey_that_was_open_there_is_none(people: Cast, now: datetime) -> None:
    made(people, now)
    assert ask_on_schedule(DECEMBER) == 0


def test_after_a_round_only_where_somebody_answered(people: Cast, survey: Survey, now: datetime) -> None:
    made(people, now, every="round")
    assert ask_on_schedule(DECEMBER) == 0
    with writing():
        answered(survey, now)
    assert ask_on_schedule(DECEMBER) == 1


def test_nobody_hears_before_it_is_there(schedule: Schedule) -> None:
    ask_on_schedule(DECEMBER)
    assert mail_reports(DECEMBER) == 0
    with writing():
        reports()[0].state = "rendering"
    assert mail_reports(DECEMBER) == 0
    assert mails() == []


def test_each_reader_gets_one_mail(schedule: Schedule) -> None:
    ran()
    assert [mail_reports(DECEMBER), mail_reports(DECEMBER)] == [1, 0]
    assert [mail.recipient for mail in mails()] == ["bob@webshop.example", BOARD]
    assert [mail.text.split(",")[0] for mail in mails()] == ["Good day Bob Bakker", "Good day"]


def test_the_mail_says_page_one_in_words(schedule: Schedule) -> None:
    ran()
    mail_reports(DECEMBER)
    text = mails()[0].text
    for sentence in ("dates we named to people", "Did we write by the date? 84 of", "Are they satisfied?", "Until 1 March 2027 the link opens", "Alice Adams chose you as a reader"):  # fmt: skip
        assert sentence in text
    assert not re.search(r"Het pakket kwam|return label", text), "no customer's words leave in a mail"


@pytest.mark.parametrize(("language", "words"), [("nl", "Het rapport lezen"), ("en", "Read the report")])
def test_it_is_in_the_language_of_the_schedule(
    people: Cast, survey: Survey, now: datetime, language: str, words: str
) -> None:
    made(people, now, survey=survey, language=language)
    ran()
    mail_reports(DECEMBER)
    (mail,) = mails()
    assert (mail.language, words in mail.text, words in mail.html) == (language, True, True)


def test_no_stored_row_holds_a_link_that_opens(schedule: Schedule) -> None:
    ran()
    mail_reports(DECEMBER)
    (first, *_others) = mails()
    (sent, *_more) = db.session.scalars(select(Delivery).order_by(Delivery.id))
    assert "/reports/read/" not in first.text + first.html
    assert first.links == {"unsubscribe": ["report", sent.id, 1]}
    assert (sent.message_id, sent.address) == (first.id, "bob@webshop.example")


@pytest.mark.parametrize("why", ["stopped", "removed", "left"])
def test_who_is_no_reader_any_more_gets_none(
    people: Cast, schedule: Schedule, now: datetime, why: str
) -> None:
    ran()
    with writing():
        if why == "stopped":
            scheduling.stop(schedule.readers[0], now)
        elif why == "removed":
            scheduling.change(schedule, "en", [BOARD], now)
        else:
            held = select(Membership).where(Membership.staff_id == people.bob.id)
            db.session.scalars(held).one().left_at = now
    mail_reports(DECEMBER)
    assert [mail.recipient for mail in mails()] == [BOARD]


def test_an_address_that_bounced_is_not_written_to_and_it_shows(schedule: Schedule, now: datetime) -> None:
    with writing():
        suppress(schedule.organisation_id, BOARD, "hard_bounce", now)
    ran()
    mail_reports(DECEMBER)
    assert [mail.state for mail in mails()] == ["queued", "suppressed"]


def test_a_report_that_failed_is_said_to_whoever_made_the_schedule_and_to_nobody_else(
    schedule: Schedule,
) -> None:
    ran(failed=(0,))
    assert [mail_reports(DECEMBER), mail_reports(DECEMBER)] == [1, 0]
    assert mails() == []
    (mail,) = mails("alert")
    assert mail.recipient == "alice@webshop.example"
    assert mail.subject == "The report of 1 November 2026 to 30 November 2026 could not be made"
    assert "Your order: Drawing the report took longer than 60 seconds." in mail.text
    assert f"/reports/schedules/{schedule.id}" in mail.text


def test_when_they_left_those_who_manage_hear_it(people: Cast, schedule: Schedule, now: datetime) -> None:
    with writing():
        make_staff(people.webshop, "Mia Maas", "manager", now)
        held = select(Membership).where(Membership.staff_id == people.alice.id)
        db.session.scalars(held).one().left_at = now
    ran(failed=(0,))
    mail_reports(DECEMBER)
    assert [mail.recipient for mail in mails("alert")] == ["mia@webshop.example"]


def test_one_of_several_that_failed_leaves_the_others(people: Cast, survey: Survey, now: datetime) -> None:
    made(people, now, language="en")
    with writing():
        opened_survey(people, now, "repair")
    ran(failed=(1,))
    mail_reports(DECEMBER)
    (mail,) = mails()
    assert mail.text.count("Read the report (PDF): ") == 1
    assert "1 report of this period could not be made." in mail.text
    assert len(mails("alert")) == 1


def test_a_renderer_that_is_gone_three_times_has_failed(schedule: Schedule) -> None:
    ask_on_schedule(DECEMBER)
    with writing():
        report = reports()[0]
        report.state, report.tries, report.lease_until = "rendering", MOST_TRIES, DECEMBER
    assert render_due(DECEMBER) == 0, "its lease lasts"
    assert render_due(DECEMBER + LEASE) == 1
    assert (reports()[0].state, reports()[0].error) == ("failed", "The program that draws reports was stopped before it was done.")  # fmt: skip
    assert mail_reports(DECEMBER + LEASE) == 1
    assert len(mails("alert")) == 1


def test_made_again_after_an_erasure_it_is_not_mailed_again(schedule: Schedule) -> None:
    (report,) = ran()
    mail_reports(DECEMBER)
    with writing():
        report.state, report.pdf, report.sha256, report.rendered_at = "queued", None, None, None
    done(DECEMBER + timedelta(days=1))
    assert mail_reports(DECEMBER + timedelta(days=1)) == 0
    assert len(mails()) == 2


def test_from_the_period_to_the_pdf_in_a_readers_hands(
    schedule: Schedule, client: FlaskClient, smtp_server: Sink, now: datetime
) -> None:
    """With the real renderer and a mail server: the whole way, once."""
    for tick in (ask_on_schedule, render_due, mail_reports):
        assert tick(DECEMBER) == 1
    assert deliver(DECEMBER, transport(settings())) == 2
    mail = smtp_server.mails[-1].parsed
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    address = re.search(r"http://[^/]+(/reports/read/\S+\.pdf)", text)
    assert address
    answer = client.get(address[1])
    assert answer.mimetype == "application/pdf"
    assert answer.data == reports()[0].pdf != PDF
    assert "Set-Cookie" not in answer.headers
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip("<>").split("/reports/")[1] in text
