"""From rows to cases: what became of each answer, as somebody who was there would tell it."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from core.db import db, writing
from core.settings import settings
from followup.composing import compose_due
from followup.judging import Judgement, judge
from followup.receipts import compose_receipts
from outbox.channels import transport
from outbox.delivering import deliver
from outbox.models import Message
from promises.models import Promise
from promises.succeeding import succeed
from reports import case_queries, scale_queries
from reports.making import gather
from reports.period import Period, period
from reports.wording import group_name
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey
from surveys.models_responses import SOURCES, Response
from surveys.partial.models import Abandoned
from surveys.partial.unfinished import KEPT, begin, forget_old, sent
from tests.cast import Cast
from tests.desk import labelled
from tests.inviting import invited
from tests.loop import answered, decided, promises_of, settled
from triage.commenting import comments_of

HOUR = timedelta(hours=1)
Said = dict[str, tuple[float | None, str | None]]
SCALES = (
    Draft("nps", "nps", {"en": "Would you recommend us?"}),
    Draft("ease", "ces", {"en": "How easy was it?"}),
    Draft("gap", "expectation_gap", {"en": "What did you expect, and get?"}),
)


def tick(now: datetime) -> None:
    compose_receipts(now)
    compose_due(now)
    deliver(now, transport(settings()))


def november(survey: Survey, now: datetime) -> Period:
    return period(survey, date(2026, 11, 1), date(2026, 11, 30), now)


def told(people: Cast, response: Response, now: datetime) -> Response:
    with writing():
        settled(response, decided(people, now), now)
    tick(now)
    return response


def one(survey: Survey, now: datetime, **values: object) -> Response:
    with writing():
        response = answered(survey, now, **values)  # type: ignore[arg-type]
    tick(now)
    return response


@pytest.mark.both_databases
def test_a_case_says_when_they_heard_what_from_whom_and_what_they_made_of_it(
    people: Cast, survey: Survey, now: datetime
) -> None:
    heard = one(survey, now, email="heard@example.com", score=2)
    labelled(comments_of(heard)[0], emotion="angry")
    waits = one(survey, now, email="waits@example.com", score=5)
    with writing():
        answered(survey, now, wants="none", email="none@example.com", score=3)
    told(people, heard, now + 5 * HOUR)
    with writing():
        judge(heard, Judgement(True, True, "", "n1", "grateful"), now + 6 * HOUR)
    first, second, third = case_queries.cases(november(survey, now + 8 * HOUR))
    assert (first.state, first.told, first.closing, first.felt, first.feels) == (
        "told",
        True,
        "agreed",
        "angry",
        "grateful",
    )
    assert first.word_at == first.outcome_at == now + 5 * HOUR
    assert (first.band, first.language, first.channel, first.came, first.who) == (
        "low",
        "en",
        "mail",
        "link",
        "Alice Adams",
    )
    assert (second.id, second.state, second.owed, second.word_at) == (waits.id, "promised", True, None)
    assert not third.owed


def test_it_says_by_which_way_an_answer_came_in(app: Flask, survey: Survey, now: datetime) -> None:
    with writing():
        for n, source in enumerate(SOURCES):
            answered(survey, now, email=f"n{n}@example.com", source=source)
    came = [case.came for case in case_queries.cases(november(survey, now + HOUR))]
    assert came == ["link", "api", "import", "phone", "kiosk"]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = [group_name("came", way) for way in came]
    assert said == [
        "By the public link",
        "Sent by a program",
        "From a file",
        "On the phone",
        "On a tablet at the counter",
    ]


def test_the_score_is_of_who_handled_it_then(people: Cast, survey: Survey, now: datetime) -> None:
    """Alice told them; that somebody has taken it over since changes nothing of that."""
    response = told(people, one(survey, now, score=1), now + HOUR)
    with writing():
        judge(response, Judgement(None, False, "No.", "n1"), now + 2 * HOUR)
        open_again = promises_of(response)[-1]
        succeed(open_again, "cancelled", now + 3 * HOUR, people.bob)
    (case,) = case_queries.cases(november(survey, now + 4 * HOUR))
    assert (case.who, case.reopened) == ("Alice Adams", True)


def test_what_was_heard_after_the_end_of_the_period_is_not_heard_yet(
    people: Cast, survey: Survey, now: datetime
) -> None:
    told(people, one(survey, now), now + 5 * HOUR)
    over = november(survey, now + 4 * HOUR)
    (case,) = case_queries.cases(over)
    assert case.word_at is None
    found = gather(over, "en")
    assert found.speed
    assert (found.speed.first_word.n, found.speed.first_word.waiting) == (1, 1)


def test_who_waits_counts_from_what_they_said_last(people: Cast, survey: Survey, now: datetime) -> None:
    one(survey, now)
    found = gather(november(survey, now + timedelta(days=3)), "en").aftermath
    assert found
    assert (found.waiting, found.waiting_days, found.longest) == (1, 3, 3)


@pytest.mark.both_databases
def test_each_scale_is_counted_by_its_own_question(people: Cast, now: datetime) -> None:
    with writing():
        survey = create_survey(
            people.webshop.id, "scales", {"en": "Scales"}, "en", people.alice.id, SCALES, now
        )
        open_survey(survey, now)
        for n, (likely, easily, expected, got) in enumerate(((10, 7, 5, 4), (9, 6, 5, 2), (3, 2, 3, 3))):
            said: Said = {
                "nps": (likely, None), "ease": (easily, None),
                "gap": (got - expected, f'{{"expected": {expected}, "experienced": {got}}}'),
            }  # fmt: skip
            _submit(survey, said, n, now)
    points, ease, gap = scale_queries.scales(november(survey, now), "en")
    assert (points.kind, points.given, ease.given) == (
        "nps",
        ((3, 1), (9, 1), (10, 1)),
        ((2, 1), (6, 1), (7, 1)),
    )
    assert (gap.given, gap.expected, gap.experienced) == (
        ((-3, 1), (-1, 1), (0, 1)),
        ((3, 1), (5, 2)),
        ((2, 1), (3, 1), (4, 1)),
    )
    assert gap.means
    assert gap.means == pytest.approx((13 / 3, 3))
    assert points.before == ()


def _submit(survey: Survey, said: Said, n: int, now: datetime) -> None:
    from surveys.answering import Submission, submit

    submit(survey, Submission(said, "en", f"nonce-{n}"), now)


def test_of_invitations_those_that_arrived_count(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        first = invited(survey, now, "a@example.com")
        invited(survey, now, "b@example.com")
        lost = invited(survey, now, "c@example.com")
        first.answered_on = now.date()
        db.session.get_one(Message, lost.message_id).state = "bounced"
    found = scale_queries.rates(november(survey, now))
    assert (found.delivered, found.answered, found.bounced) == (2, 1, 1)


@pytest.mark.both_databases
def test_who_began_and_never_sent_it_stays_as_a_number(people: Cast, survey: Survey, now: datetime) -> None:
    """One sent it, two did not; a fortnight later nothing of what they typed is there."""
    with writing():
        rows = [begin(survey, f"page {n}", "en", [("comment", "Begun.")], now) for n in range(3)]
        sent(rows[0], answered(survey, now))
    assert (
        scale_queries.rates(november(survey, now)).began,
        scale_queries.rates(november(survey, now)).sent,
    ) == (3, 1)
    with writing():
        begin(survey, "another day", "en", [], now + timedelta(days=1))
    with writing():
        forget_old(now + KEPT + HOUR)
    with writing():
        forget_old(now + 2 * KEPT)
    found = scale_queries.rates(november(survey, now))
    assert (found.began, found.sent) == (4, 1)
    assert sorted(row.n for row in db.session.query(Abandoned)) == [1, 2]
    assert db.session.query(Promise).count() == 1
