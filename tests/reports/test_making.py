"""From rows to a PDF: the figures a person would count by hand, and a record that says so when a row is gone."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from core.db import db, writing
from core.settings import settings
from followup.composing import compose_due
from followup.corrections.correcting import tell_done
from followup.judging import Judgement, judge
from followup.receipts import compose_receipts
from outbox.channels import transport
from outbox.delivering import deliver
from outbox.models import Message
from reports.asking import ask
from reports.figures import Figures, frozen, thawed
from reports.jobs import render_due
from reports.making import gather
from reports.models import Report
from reports.period import period
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, decided, settled


def told(
    people: Cast, survey: Survey, now: datetime, score: int, email: str, kind: str = "done", **values: object
) -> Response:
    with writing():
        response = answered(survey, now, email=email, score=score)
        settled(response, decided(people, now, kind, **values), now)
    tick(now)
    return response


def tick(now: datetime) -> None:
    compose_receipts(now)
    compose_due(now)
    deliver(now, transport(settings()))


def november(survey: Survey, now: datetime) -> Figures:
    return gather(period(survey, date(2026, 11, 1), date(2026, 11, 30), now), "en")


def test_the_figures_are_what_a_person_counts(people: Cast, survey: Survey, now: datetime) -> None:
    for n, score in enumerate((5, 4, 2)):
        told(people, survey, now, score, f"p{n}@example.com")
    with writing():
        answered(survey, now, email="waiting@example.com", score=1)
        answered(survey, now, wants="none", score=3)
    found = november(survey, now + timedelta(hours=1))
    assert found.satisfaction.scores == (1, 1, 1, 1, 1)
    assert found.satisfaction.csat is not None
    assert (found.satisfaction.csat.hits, found.satisfaction.csat.n) == (2, 5)
    assert (found.ledger.responses, found.ledger.told, found.ledger.promised, found.ledger.out_of_reach) == (
        5,
        3,
        1,
        1,
    )
    assert (found.word.kept, found.word.open, found.word.broken) == (3, 1, 0)
    assert found.verbatims.left_out == 0
    assert len(found.verbatims.shown) == 5


def test_the_deed_is_measured_by_the_first_date_each_person_was_told(
    people: Cast, survey: Survey, now: datetime
) -> None:
    due = now.date() + timedelta(days=2)
    told(people, survey, now, 2, "a@example.com", "planned", due_on=due)
    assert november(survey, now + timedelta(days=1)).deed.open == 1
    assert november(survey, now + timedelta(days=4)).deed.broken == 1
    done = now + timedelta(days=4)
    from triage.models import Action

    with writing():
        tell_done(db.session.scalars(select(Action)).one(), done.date(), done)
    tick(done)
    found = november(survey, done + timedelta(days=1)).deed
    assert (found.broken, found.days_late, found.misses[0].people) == (1, (2,), 1)


def test_a_deed_before_its_date_is_early(people: Cast, survey: Survey, now: datetime) -> None:
    told(people, survey, now, 2, "a@example.com", "planned", due_on=now.date() + timedelta(days=5))
    from triage.models import Action

    with writing():
        tell_done(
            db.session.scalars(select(Action)).one(), now.date() + timedelta(days=1), now + timedelta(days=1)
        )
    assert november(survey, now + timedelta(days=2)).deed.early == 1


def test_the_last_verdict_counts_and_silence_is_kept_apart(
    people: Cast, survey: Survey, now: datetime
) -> None:
    first, second = (told(people, survey, now, 2, f"p{n}@example.com") for n in range(2))
    with writing():
        judge(first, Judgement(True, True, "", "n1"), now)
    found = november(survey, now).verdicts
    assert (found.clear, found.solved, found.silent) == (1, 1, 1)
    assert second.id


def test_an_empty_period_is_empty_and_frozen_figures_thaw(survey: Survey, now: datetime) -> None:
    found = gather(period(survey, date(2025, 1, 1), date(2025, 1, 31), now), "nl")
    assert (found.ledger.responses, found.satisfaction.csat, found.scope.data_at) == (0, None, None)
    assert thawed(frozen(found)) == found


def test_a_report_is_rendered_by_a_tick_and_archived_with_its_hash(
    people: Cast, survey: Survey, now: datetime
) -> None:
    told(people, survey, now, 4, "a@example.com")
    with writing():
        report = ask(survey, date(2026, 11, 1), date(2026, 11, 30), "en", "Alice", now)
    assert render_due(now) == 1
    assert render_due(now) == 0
    assert (report.state, report.error) == ("ready", "")
    assert report.pdf
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(report.pdf)).pages)
    assert "The box was torn." in text
    assert report.sha256
    assert report.figures


def test_a_message_row_deleted_by_sql_is_said_on_page_one(
    people: Cast, survey: Survey, now: datetime
) -> None:
    told(people, survey, now, 4, "a@example.com")
    with writing():
        db.session.delete(db.session.scalars(select(Message).order_by(Message.id.desc())).first())
        report = ask(survey, date(2026, 11, 1), date(2026, 11, 30), "en", "Alice", now)
    render_due(now)
    assert report.pdf
    assert "does not add up" in PdfReader(BytesIO(report.pdf)).pages[0].extract_text()


def test_a_report_that_cannot_be_drawn_ends_with_a_sentence(
    survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reports import making
    from reports.pdf.manuscripts import Limits
    from reports.pdf.rendering import Renderer

    impatient = Renderer(Limits(seconds=0))
    monkeypatch.setattr(making, "renderer", impatient)
    with writing():
        report = ask(survey, date(2026, 11, 1), date(2026, 11, 30), "en", "Alice", now)
    render_due(now)
    impatient.close()
    assert (report.state, db.session.get_one(Report, report.id).error != "") == ("failed", True)
