"""A period that failed is made again by one button, and its readers get it; with a renderer that is really killed."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict
from core.models import Event as Line
from reports import making
from reports.jobs import render_due
from reports.models import Report
from reports.pdf.rendering import Renderer
from reports.schedules import scheduling
from reports.schedules.models import Run, Schedule
from reports.schedules.schedule_jobs import ask_on_schedule, mail_reports
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.loop import answered, opened_survey
from tests.pages import Page, get
from tests.reports.pdf.test_renderer import jobs_of
from tests.reports.samples import page
from tests.reports.schedules.scheduled import DECEMBER, PDF, done, mails, ran, runs
from tests.reports.schedules.test_scheduling import BOARD, made

BUTTON = "Make it again and mail it"
LATER = DECEMBER + timedelta(hours=3)


@pytest.fixture
def schedule(people: Cast, survey: Survey, now: datetime) -> Schedule:
    return made(people, now, ("bob@webshop.example", BOARD), language="en", survey=survey)


@pytest.fixture
def failed(schedule: Schedule) -> Schedule:
    """Nobody got November, and Alice was told so."""
    ran(failed=(0,))
    mail_reports(DECEMBER)
    return schedule


def again(colleague: Colleague, run: Run) -> Page:
    return Page(colleague.post(f"/reports/runs/{run.id}/again", data={}, follow_redirects=True))


@contextmanager
def killing(renderer: Renderer) -> Iterator[list[int]]:
    """Whatever it draws is killed at once; yields whom."""
    killed, over = list[int](), Event()

    def kill() -> None:
        while not over.wait(0.02):
            with suppress(ProcessLookupError, FileNotFoundError):
                for pid in jobs_of(renderer.child.pid) if renderer.child else []:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    hunter = Thread(target=kill)
    hunter.start()
    try:
        yield killed
    finally:
        over.set()
        hunter.join()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_killed_at_each_try_it_is_said_by_mail_and_made_again_by_a_button(
    alice: Colleague, schedule: Schedule, survey: Survey, renderer: Renderer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(making, "renderer", renderer)
    with writing():
        answered(survey, now)
    ask_on_schedule(DECEMBER)
    renderer.draw(page("<p>warm"))  # while it loads it has children that are no jobs
    with killing(renderer) as killed:
        assert render_due(DECEMBER) == 1
    assert len(set(killed)) == 3, "in full, and twice smaller"
    assert mail_reports(DECEMBER) == 1
    (said,) = mails("alert")
    assert "The program that draws reports was stopped before it was done." in said.text
    assert "one button makes it again and mails it" in said.text
    assert mails() == []
    again(alice, runs()[0])
    for tick in (render_due, mail_reports):
        assert tick(LATER) == 1
    assert [mail.recipient for mail in mails()] == ["bob@webshop.example", BOARD]
    assert db.session.scalar(select(Report.pdf))
    assert len(mails("alert")) == 1


def test_the_button_stands_where_something_failed_and_says_what_it_does(
    alice: Colleague, failed: Schedule
) -> None:
    words = get(alice, f"/reports/schedules/{failed.id}").words
    assert BUTTON in words
    assert "Nothing is lost: it is made from the same answers, and its readers get it by mail." in words
    words = again(alice, runs()[0]).words
    assert "It is being made again. Its readers get it by mail when it is there." in words
    assert BUTTON not in words
    assert "report_run.again" in set(db.session.scalars(select(Line.verb)))


def test_pressed_twice_it_is_made_once(alice: Colleague, failed: Schedule) -> None:
    (run,) = runs()
    again(alice, run)
    assert "Nothing of this period is left to be made again." in again(alice, run).words
    done(LATER)
    assert [mail_reports(LATER), mail_reports(LATER)] == [1, 0]
    assert len(mails()) == 2
    assert "Nothing of this period is left to be made again." in again(alice, run).words


def test_failed_once_more_it_is_said_once_more(failed: Schedule) -> None:
    (run,) = runs()
    with writing():
        scheduling.again(run, LATER)
    done(LATER, failed=(0,))
    mail_reports(LATER)
    assert (len(mails()), len(mails("alert"))) == (0, 2)


def test_who_got_the_others_already_gets_the_one_that_was_missing(
    people: Cast, survey: Survey, now: datetime
) -> None:
    made(people, now, language="en")
    with writing():
        opened_survey(people, now, "repair")
    ran(failed=(1,))
    mail_reports(DECEMBER)
    (run,) = runs()
    with writing():
        scheduling.again(run, LATER)
    done(LATER)
    mail_reports(LATER)
    first, second = mails()
    assert [mail.text.count("Read the report (PDF): ") for mail in (first, second)] == [1, 1]
    (delivery,) = runs()[0].deliveries
    assert (delivery.message_id, delivery.at) == (second.id, LATER)
    assert first.links == second.links, "the link they have opens both"
    assert "could not be made" not in second.text


def test_who_came_onto_the_list_meanwhile_gets_all_of_it(people: Cast, survey: Survey, now: datetime) -> None:
    schedule = made(people, now, language="en")
    with writing():
        opened_survey(people, now, "repair")
    ran(failed=(1,))
    mail_reports(DECEMBER)
    (run,) = runs()
    with writing():
        scheduling.change(schedule, "en", [BOARD, "new@example.com"], LATER)
        scheduling.again(run, LATER)
    done(LATER)
    mail_reports(LATER)
    found = {mail.recipient: mail.text.count("Read the report (PDF): ") for mail in mails()[1:]}
    assert found == {BOARD: 1, "new@example.com": 2}


def test_what_is_there_stays_as_it_is(alice: Colleague, schedule: Schedule) -> None:
    (report,) = ran()
    mail_reports(DECEMBER)
    assert "Nothing of this period is left" in again(alice, runs()[0]).words
    assert (report.state, report.pdf) == ("ready", PDF)


def test_of_an_ended_schedule_nothing_is_made_again(alice: Colleague, failed: Schedule) -> None:
    with writing():
        scheduling.end(failed, LATER)
    assert BUTTON not in get(alice, f"/reports/schedules/{failed.id}").words
    assert "This schedule was ended already." in again(alice, runs()[0]).words
    (run,) = runs()
    with pytest.raises(Conflict), writing():
        scheduling.again(run, LATER)


@pytest.mark.security("another tenant")
def test_another_organisations_period_is_nobodys(charlie: Colleague, bob: Colleague, failed: Schedule) -> None:  # fmt: skip
    (run,) = runs()
    assert charlie.post(f"/reports/runs/{run.id}/again", data={}).status_code == 404
    assert bob.post(f"/reports/runs/{run.id}/again", data={}).status_code == 403
    assert runs()[0].told_at


def test_the_page_speaks_dutch(alice: Colleague, people: Cast, failed: Schedule) -> None:
    with writing():
        people.alice.language = "nl"
    assert "Opnieuw maken en mailen" in get(alice, f"/reports/schedules/{failed.id}").words
