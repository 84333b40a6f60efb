"""The record: counted for whoever is asked next, equal to the ledger and to the report, also when it is bad."""

from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from core.db import db, writing
from followup.composing import compose_due
from outbox.models import Message
from promises.ledger import Scope, ledger
from reports.jobs import count_records
from reports.making import gather
from reports.period import period
from surveys.invitations.record import record_words, sentence
from surveys.models import RECORD_FROM, Record, Survey
from tests.cast import Cast
from tests.loop import answered, decided, opened_survey, settled
from tests.pages import get

OCTOBER, LAST = date(2026, 10, 1), date(2026, 10, 31)


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now - timedelta(days=300))


def asked(survey: Survey, at: datetime, number: int) -> None:
    """That many people answered then."""
    with writing():
        for n in range(number):
            answered(survey, at, email=f"{at:%m}-{n}@example.com")


def october(people: Cast, survey: Survey, now: datetime) -> None:
    """32 answered; 3 were told of a plan for the 20th, which was done a day too late; the others wait."""
    at = now.replace(month=10, day=5)
    with writing():
        answers = [answered(survey, at, email=f"{n}@example.com") for n in range(RECORD_FROM + 2)]
        plan = decided(people, at, "planned", due_on=date(2026, 10, 20))
        for answer in answers[:3]:
            settled(answer, plan, at)
    compose_due(at + timedelta(hours=1))
    with writing():
        plan.done_on = date(2026, 10, 21)
        for message in db.session.scalars(select(Message).where(Message.kind == "update")):
            message.state, message.sent_at = "sent", at + timedelta(hours=1)


def kept(survey: Survey) -> Record | None:
    db.session.rollback()
    return db.session.get(Record, survey.id)


@pytest.mark.both_databases
def test_it_equals_the_ledger_and_the_deed_of_the_report(people: Cast, survey: Survey, now: datetime) -> None:
    october(people, survey, now)
    assert count_records(now) == 1
    record, over = kept(survey), period(survey, OCTOBER, LAST, now)
    book, report = ledger(over.scope), gather(over, "en")
    assert record
    assert (record.first_day, record.last_day) == (OCTOBER, LAST)
    assert (record.responses, record.told, record.changed) == (32, 3, 3)
    assert (record.responses, record.told, record.changed) == (
        book.responses,
        book.heard_back,
        book.something_changed,
    )
    assert (record.responses, record.told, record.changed) == (
        report.ledger.responses,
        report.ledger.told + report.ledger.planned,
        report.ledger.changed,
    )
    assert (record.dates_kept, record.dates) == (report.deed.met, report.deed.judged) == (0, 3)


def test_a_bad_month_stands_there_like_a_good_one(
    client: FlaskClient, people: Cast, survey: Survey, now: datetime
) -> None:
    october(people, survey, now)
    count_records(now)
    words = "32 people answered; 3 heard back; for 3 something changed, or will; 0 of 3 dates were kept."
    assert words in get(client, "/s/bestelling?lang=en").words
    page = get(client, "/s/bestelling/you-said?lang=en")
    assert words in page.words


def test_in_dutch_too(client: FlaskClient, people: Cast, survey: Survey, now: datetime) -> None:
    october(people, survey, now)
    count_records(now)
    assert "0 van de 3 data" in get(client, "/s/bestelling?lang=nl").words


def test_fewer_than_thirty_answers_are_no_record(client: FlaskClient, survey: Survey, now: datetime) -> None:
    asked(survey, now.replace(month=10), RECORD_FROM - 1)
    assert count_records(now) == 0
    assert kept(survey) is None
    assert "people answered" not in get(client, "/s/bestelling?lang=en").words


def test_with_few_in_the_last_month_it_is_of_twelve_and_never_of_an_older_one(
    survey: Survey, now: datetime
) -> None:
    asked(survey, now.replace(month=10), 1)
    asked(survey, now.replace(month=8), RECORD_FROM)
    count_records(now)
    record = kept(survey)
    assert record
    assert (record.first_day, record.last_day, record.responses) == (date(2025, 11, 1), LAST, RECORD_FROM + 1)


def test_it_goes_when_its_answers_no_longer_count(survey: Survey, now: datetime) -> None:
    asked(survey, now.replace(month=10), RECORD_FROM)
    count_records(now)
    assert kept(survey)
    count_records(now.replace(year=2028))
    assert kept(survey) is None


def test_it_follows_what_is_told_later(people: Cast, survey: Survey, now: datetime) -> None:
    october(people, survey, now)
    count_records(now)
    with writing():
        message = db.session.scalars(select(Message).where(Message.kind == "update")).first()
        assert message
        message.state = "bounced"
    assert count_records(now) == 1
    record = kept(survey)
    assert record
    assert record.told == 2


def test_counted_again_nothing_is_written(people: Cast, survey: Survey, now: datetime) -> None:
    october(people, survey, now)
    assert [count_records(now), count_records(now + timedelta(minutes=5))] == [1, 0]
    record = kept(survey)
    assert record
    assert record.counted_at == now


def test_a_survey_of_somebody_else_has_its_own(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        other = opened_survey(people, now, "reparatie")
    october(people, survey, now)
    count_records(now)
    assert kept(other) is None


def written(**values: int | date) -> Record:
    """A record of October with the numbers of the mission."""
    numbers = {"responses": 214, "told": 209, "changed": 61, "dates_kept": 9, "dates": 10}
    days = {"first_day": OCTOBER, "last_day": LAST}
    return Record(**{**numbers, **days, **values})


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("record", "today", "words"),
    [
        (
            written(),
            date(2026, 11, 30),
            "Last month 214 people answered; 209 heard back; for 61 something changed, or will; 9 of 10 dates were kept.",
        ),
        (written(), date(2026, 12, 1), "In October 2026 214 people answered; 209 heard back; "),
        (
            written(first_day=date(2025, 11, 1)),
            date(2026, 11, 3),
            "In the twelve months up to October 2026, 214 people answered; ",
        ),
        (
            written(dates=0, dates_kept=0, responses=12345),
            date(2026, 11, 3),
            "Last month 12,345 people answered; ",
        ),
    ],
)
def test_the_sentence(record: Record, today: date, words: str) -> None:
    assert sentence(record, today).startswith(words)


@pytest.mark.usefixtures("english")
def test_without_a_date_nothing_is_said_of_dates() -> None:
    assert sentence(written(dates=0, dates_kept=0), OCTOBER).endswith("for 61 something changed, or will.")


def test_whoever_writes_an_invitation_gets_the_same_words(
    people: Cast, survey: Survey, now: datetime
) -> None:
    assert record_words(survey, now) == ""
    october(people, survey, now)
    count_records(now)
    with force_locale("en"):
        assert record_words(survey, now).startswith("Last month 32 people answered; 3 heard back;")


def test_the_ledger_of_the_survey_holds_the_month(people: Cast, survey: Survey, now: datetime) -> None:
    """The whole is the sum of its rounds."""
    october(people, survey, now)
    asked(survey, now, 2)
    whole = ledger(Scope(people.webshop.id, survey.id))
    assert whole.responses == ledger(period(survey, OCTOBER, LAST, now).scope).responses + 2
