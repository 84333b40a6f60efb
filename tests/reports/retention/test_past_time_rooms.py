"""What each room forgets when its time is over, and what stays of it; a backup of before forgets again."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from accounts import links
from accounts.models import ApiAnswer, SignInLink
from core import backup, schema
from core.db import db, writing
from core.models_keeping import Forgetting
from outbox.incoming.models import IncomingMessage
from outbox.incoming.receiving import receive
from outbox.models import Attempt, Message
from reports.erasure.erasing_jobs import finish_erasures
from reports.models import Report
from reports.retention.forgetting import forget
from reports.retention.keeping_jobs import waiting_to_be_swept
from surveys.helpdesks import zammad
from surveys.helpdesks.models import ZammadDelivery
from surveys.helpdesks.zammad_reading import Event
from surveys.jobs import send_invitations
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from tests.browser import Colleague
from tests.cast import Cast, added
from tests.pages import get
from tests.reports.retention.test_past_time import DAY, YEAR, told

MAIL = b"From: A <a@example.com>\r\nTo: us@example.org\r\nSubject: Hello\r\n\r\nAbout nothing of yours.\r\n"


def test_a_backup_of_before_forgets_again_as_it_is_restored(
    people: Cast, survey: Survey, now: datetime, tmp_path: Path
) -> None:
    told(people, survey, now)
    file = backup.save(tmp_path / "before.backup")
    assert forget(people.webshop.id, "answers", now + YEAR, now + YEAR) == 1
    schema.restore(file)
    assert db.session.scalars(select(Response.past_time)).all() == [True]
    assert set(db.session.scalars(select(Answer.text))) == {None}
    assert db.session.scalars(select(Forgetting.until)).all() == [now + YEAR]


def test_the_files_are_made_anew_once_for_all_that_went(people: Cast, survey: Survey, now: datetime) -> None:
    told(people, survey, now)
    for category in ("answers", "messages", "invitations"):
        forget(people.webshop.id, category, now + YEAR, now + YEAR)
    assert len(waiting_to_be_swept()) == 2, "the words of the messages went with the answer"
    finish_erasures(now + YEAR)
    assert waiting_to_be_swept() == []


def test_what_a_server_said_goes_and_what_proves_the_delivery_stays(
    people: Cast, survey: Survey, now: datetime
) -> None:
    told(people, survey, now)
    with writing():
        for attempt in db.session.scalars(select(Attempt)):
            attempt.reply, attempt.code = "250 for <rita@example.com>", 250
        for message in db.session.scalars(select(Message)):
            message.server_reply = "250 for <rita@example.com>"
    assert forget(people.webshop.id, "technical", now + DAY, now + DAY) == 2
    db.session.rollback()
    assert {(a.reply, a.code, a.outcome) for a in db.session.scalars(select(Attempt))} == {("", 250, "sent")}
    assert set(db.session.scalars(select(Message.server_reply))) == {""}


def test_answers_to_programs_and_links_that_are_over_go(people: Cast, now: datetime) -> None:
    with writing():
        added(ApiAnswer(
            organisation_id=people.webshop.id, idempotency_key="k", request_hash="0" * 64, status=201, body="{}", created_at=now
        ))  # fmt: skip
        links.issue(people.alice.id, "a token", now)
    assert forget(people.webshop.id, "technical", now - DAY, now) == 0
    assert forget(people.webshop.id, "technical", now + DAY, now + DAY) == 1
    assert forget(people.webshop.id, "sign_ins", now, now) == 0, "it works for a quarter of an hour"
    assert forget(people.webshop.id, "sign_ins", now + DAY, now + DAY) == 1
    counts = (db.session.scalar(select(func.count(m.id))) for m in (ApiAnswer, SignInLink))
    assert list(counts) == [0, 0]


def test_mail_about_nothing_of_ours_goes_too(people: Cast, now: datetime) -> None:
    with writing():
        receive(MAIL, now)
    assert forget(people.webshop.id, "incoming", now + DAY, now + DAY) == 1
    db.session.rollback()
    came = db.session.scalars(select(IncomingMessage)).one()
    assert (came.text, came.sender, came.subject, came.raw, came.kind) == ("", "", "", b"", "other")


def test_mail_that_nobody_dealt_with_waits(people: Cast, now: datetime) -> None:
    with writing():
        receive(MAIL, now)
        db.session.scalars(select(IncomingMessage)).one().handled_at = None
    assert forget(people.webshop.id, "incoming", now + DAY, now + DAY) == 0


@pytest.mark.parametrize(("category", "left"), [("invitations", [""]), ("technical", [])])
def test_a_ticket_leads_to_nobody_any_more(
    people: Cast, survey: Survey, now: datetime, category: str, left: list[str]
) -> None:
    with writing():
        hook = zammad.connect(db.session.merge(survey), 0, ["closed"], now)
        event = Event("10081", "closed", "emily@example.com", "Emily", "")
        zammad.take(hook.id, zammad.Came("1", event, {}), now)
    send_invitations(now)
    with writing():
        for message in db.session.scalars(select(Message)):
            message.state, message.sent_at = "sent", now
    forget(people.webshop.id, category, now + DAY, now + DAY)
    db.session.rollback()
    assert db.session.scalars(select(ZammadDelivery.ticket)).all() == left


def test_the_page_of_a_report_past_its_time_says_so(
    alice: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    days = {"first_day": now.date(), "last_day": now.date(), "requested_by": "Alice", "requested_at": now}
    done = {"state": "ready", "rendered_at": now, "sha256": "0" * 64, "pdf": b"%PDF-1.7", "figures": {}}
    with writing():
        id = added(
            Report(organisation_id=people.webshop.id, survey_id=survey.id, language="en", **days, **done)
        ).id
    assert "Read the report (PDF)" in get(alice, f"/reports/{id}").links()
    assert forget(people.webshop.id, "reports", now + DAY, now + DAY) == 1
    page = get(alice, f"/reports/{id}")
    assert "This report is past its time" in page.words
    assert "0" * 64 in page.words
    assert alice.get(f"/reports/{id}.pdf").status_code == 404
