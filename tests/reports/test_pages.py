"""The pages of reports: asking for one, finding it, and reading it; for whom, and what is said when it cannot be."""

from datetime import date, datetime, timedelta
from hashlib import sha256

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db, writing
from reports.asking import ask
from reports.models import Report
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import alice, bob, charlie, monday, survey, vera
from tests.loop import opened_survey
from tests.pages import Page, get, send

__all__ = ["alice", "bob", "charlie", "monday", "survey", "vera"]
LIST = "/reports"
PDF = b"%PDF-1.7 made up"


def reports() -> list[Report]:
    db.session.rollback()
    return list(db.session.scalars(select(Report).order_by(Report.id)))


def asked(survey: Survey, now: datetime, **values: object) -> Report:
    with writing():
        report = ask(survey, date(2026, 10, 1), date(2026, 10, 31), "en", "Alice Adams", now)
        for name, value in values.items():
            setattr(report, name, value)
    return report


def ready(survey: Survey, now: datetime) -> Report:
    return asked(
        survey, now, state="ready", pdf=PDF, sha256=sha256(PDF).hexdigest(), rendered_at=now, figures={}
    )


def test_last_month_is_asked_for_unless_said(bob: Colleague, survey: Survey) -> None:
    page = get(bob, LIST)
    answer = send(bob, page)
    (report,) = reports()
    assert answer.status_code == 303
    assert answer.location == f"/reports/{report.id}"
    assert (report.first_day, report.last_day) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (report.language, report.state, report.requested_by) == ("en", "queued", "Bob Bakker")


@pytest.mark.parametrize(("first", "last", "field", "sentence"), [
    ("2026-11-02", "2026-11-01", "last", "The period ends before it begins."), ("", "2026-11-01", "first", "Give the first day."),
    ("2026-11-01", "", "last", "Give the last day."), ("yesterday", "2026-11-01", "first", "“yesterday” is not a date. An example is 2026-12-04."),
    ("2026-02-30", "2026-11-01", "first", "“2026-02-30” is not a date."), ("0001-01-01", "2026-11-01", "first", "That date is too far away."),
    ("2026-11-01", "9999-12-31", "last", "That date is too far away."),
])  # fmt: skip
def test_a_period_that_cannot_be(
    bob: Colleague, survey: Survey, first: str, last: str, field: str, sentence: str
) -> None:
    page = Page(send(bob, get(bob, LIST), first=first, last=last))
    assert page.status == 422
    assert sentence in page.errors()[field]
    assert reports() == []


@pytest.mark.parametrize(
    "forged", [{"survey": "999"}, {"survey": "abc"}, {"survey": ""}, {"language": "de"}, {"language": ""}]
)
def test_a_forged_choice_is_refused(bob: Colleague, survey: Survey, forged: dict[str, str]) -> None:
    page = Page(send(bob, get(bob, LIST), **forged))
    assert page.status == 422
    assert set(page.errors()) == set(forged)
    assert reports() == []


@pytest.mark.security("another tenant")
def test_another_organisations_survey_cannot_be_asked_about(
    charlie: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        opened_survey(people, now, "other").organisation_id = people.housing.id
    page = get(charlie, LIST)
    assert Page(send(charlie, page, survey=str(survey.id))).status == 422
    assert reports() == []


def test_a_viewer_reads_and_asks_for_none(vera: Colleague, survey: Survey, now: datetime) -> None:
    report = ready(survey, now)
    assert vera.get(f"/reports/{report.id}").status_code == 200
    assert vera.get(f"/reports/{report.id}.pdf").data == PDF
    assert vera.post(LIST, data={}).status_code == 403


def test_the_bytes_are_the_archived_ones(bob: Colleague, survey: Survey, now: datetime) -> None:
    report = ready(survey, now)
    answer = bob.get(f"/reports/{report.id}.pdf")
    assert answer.mimetype == "application/pdf"
    assert sha256(answer.data).hexdigest() == report.sha256
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("state", ["queued", "rendering", "failed"])
def test_until_it_is_there_there_is_no_file_and_the_page_says_how_far_it_is(
    bob: Colleague, survey: Survey, now: datetime, state: str
) -> None:
    claimed = (
        {"claimed_until": now + timedelta(minutes=5)}
        if hasattr(Report, "claimed_until") and state == "rendering"
        else {}
    )
    report = asked(
        survey, now, state=state, error="It took too long." if state == "failed" else "", **claimed
    )
    assert bob.get(f"/reports/{report.id}.pdf").status_code == 404
    page = get(bob, f"/reports/{report.id}")
    assert page.status == 200
    assert ("It took too long." in page.words) is (state == "failed")
    assert not [a for a in page.links().values() if a.endswith(".pdf")]


def test_strangers_and_other_organisations(
    charlie: Colleague, client: FlaskClient, survey: Survey, now: datetime
) -> None:
    report = ready(survey, now)
    for path in (f"/reports/{report.id}", f"/reports/{report.id}.pdf"):
        assert charlie.get(path).status_code == 404
        assert client.get(path).status_code == 401
    assert "Your order" not in get(charlie, LIST).words


def test_an_id_that_is_nobodys(bob: Colleague, survey: Survey) -> None:
    for id in (0, 999, 2**63 - 1, 2**63, "x", "-1"):
        assert bob.get(f"/reports/{id}").status_code == 404
        assert bob.get(f"/reports/{id}.pdf").status_code == 404


def test_a_survey_that_never_opened_is_not_offered(alice: Colleague, people: Cast, now: datetime) -> None:
    with writing():
        opened_survey(people, now).opened_at = None
    assert "Your order" not in get(alice, LIST).words
