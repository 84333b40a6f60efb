"""Yes, no and silence are three different endings; one rule, in Python and in SQL."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db, writing
from followup.closing import SILENCE, Facts, closing, closing_of, closings
from followup.composing import compose_due
from followup.judging import Judgement, judge
from followup.models import Verdict
from followup.people import people as counted
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Promise, Update
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.followup.respondent import page_of, told
from tests.loop import answered, decided, settled

DAY = timedelta(days=1)


def says(response: Response, at: datetime, clear: bool | None = None, solved: bool | None = None) -> None:
    with writing():
        judge(response, Judgement(clear, solved, "", f"n{at.timestamp()}{clear}{solved}"), at)


def test_nothing_is_closed_while_they_may_still_be_thinking(rita: Response, now: datetime) -> None:
    assert closing_of(rita, now + SILENCE - timedelta(minutes=1)) == ("", None)


def test_ten_days_without_a_word_is_silence_and_no_yes(people: Cast, rita: Response, now: datetime) -> None:
    assert closing_of(rita, now + SILENCE) == ("silence", now + SILENCE)
    scope = Scope(people.webshop.id)
    found = counted(scope, ledger(scope), now + SILENCE)
    assert (found.agreed, found.refused, found.silent) == (0, 0, 1)


def test_a_yes_is_agreed_however_late(rita: Response, now: datetime) -> None:
    says(rita, now + 30 * DAY, True, True)
    assert closing_of(rita, now + 31 * DAY) == ("agreed", now + 30 * DAY)


def test_a_no_stays_a_no_until_they_are_told_again(people: Cast, rita: Response, now: datetime) -> None:
    says(rita, now + DAY, solved=False)
    assert closing_of(rita, now + 20 * DAY)[0] == "not_solved"
    told(people, rita, now + 21 * DAY, "wont_do")
    assert closing_of(rita, now + 22 * DAY)[0] == ""
    assert closing_of(rita, now + 31 * DAY)[0] == "silence"


def test_not_clear_about_a_receipt_is_a_no_and_clear_is_no_yes_yet(survey: Survey, now: datetime) -> None:
    with writing():
        one, other = answered(survey, now), answered(survey, now)
    says(one, now, clear=False)
    says(other, now, clear=True)
    assert [closing_of(r, now)[0] for r in (one, other)] == ["not_clear", ""]


def test_a_word_that_has_not_arrived_cannot_be_met_with_silence(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(survey, now)
        settled(response, decided(people, now), now)
    compose_due(now)
    assert closing_of(response, now + 20 * DAY)[0] == ""
    with writing():
        message = db.session.scalars(select(Message)).one()
        message.state, message.sent_at = "sent", now + 15 * DAY
    assert closing_of(response, now + 20 * DAY)[0] == "", "ten days count from when it arrived"
    assert closing_of(response, now + 25 * DAY)[0] == "silence"


MOMENTS = (None, -20, -12, -3)
"""Days before now."""


@pytest.mark.both_databases
def test_one_rule_in_python_and_in_sql(survey: Survey, now: datetime) -> None:
    """Every combination of what was told, when it arrived, what is owed and what was said."""
    expected = {}
    with writing():
        for told_at, arrived, owed, said_at, clear, solved in product(
            MOMENTS, (True, False), (True, False), MOMENTS, (True, False, None), (True, False, None)
        ):
            if bool(said_at) == (clear is None and solved is None) or (not told_at and arrived):
                continue
            facts = Facts(
                at(now, told_at), at(now, told_at) if arrived else None, owed, at(now, said_at), clear, solved
            )
            expected[_response(survey, facts, now).id] = closing(facts, now)
    found = {row.response_id: row.closing for row in db.session.execute(closings(now))}
    assert found == expected
    assert set(found.values()) == {"", "agreed", "not_solved", "not_clear", "silence"}


def at(now: datetime, days: int | None) -> datetime | None:
    return now + days * DAY if days else None


def _response(survey: Survey, facts: Facts, now: datetime) -> Response:
    """The facts as bare rows."""
    response = answered(survey, now - 30 * DAY, wants="page")
    promise = db.session.scalars(select(Promise).where(Promise.response_id == response.id)).one()
    if facts.outcome_at:
        channel = "page" if facts.arrived_at else "mail"
        values = {
            "organisation_id": promise.organisation_id,
            "kind": "ending",
            "how": "done",
            "channel": channel,
        }
        db.session.add(Update(promise=promise, composed_at=facts.outcome_at, **values))
    if not facts.owed:
        promise.ended_at, promise.ended_as = now, "told"
    if facts.said_at:
        said = {"clear": facts.clear, "solved": facts.solved, "created_at": facts.said_at}
        key = f"n{response.id}"
        db.session.add(Verdict(organisation_id=promise.organisation_id, response=response, nonce=key, **said))
    db.session.flush()
    return response


def test_the_page_says_that_silence_is_no_yes(client: FlaskClient, rita: Response, now: datetime) -> None:
    with writing():
        for message in db.session.scalars(select(Message)):
            message.sent_at = now - 400 * DAY
        for update in db.session.scalars(select(Update)):
            update.composed_at = now - 400 * DAY
    assert "for us it is closed without your yes" in page_of(client, rita).words
