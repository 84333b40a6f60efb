"""Where a response stands: one rule in Python and in SQL, and an equation that always holds."""

import itertools
import re
from collections import Counter
from datetime import datetime, timedelta

import pytest

from core.db import db, writing
from core.links import keyed_hash
from core.settings import ROOT
from outbox.freezing import freeze
from outbox.models import STATES, Suppression
from promises import standing
from promises.ending import announce, conclude, end
from promises.ledger import Ledger, Scope, ledger
from promises.models import Promise
from promises.standing import MESSAGE_MEANS, Facts, Standing
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, opened_survey, promises_of

ENDINGS = [("mail", state) for state in (*STATES, None)] + [("page", None), (None, None)]
APART = [(), ("erased",), ("history",), ("declined",)]
PROMISES = [None, "open", "told", "moved", "cancelled"]


@pytest.mark.both_databases
def test_python_and_sql_and_the_sums_agree_on_every_combination_of_facts(
    people: Cast, now: datetime, subtests: pytest.Subtests
) -> None:
    """A response for each combination; each is asked for by both rules."""
    with writing():
        survey = opened_survey(people, now)
        cases = [_case(survey, facts, now) for facts in _combinations()]
    found = {r.response_id: Standing(r.state, r.why) for r in db.session.execute(standing.standing_sql())}
    with subtests.test("each by itself"):
        for response_id, facts in cases:
            assert found[response_id] == standing.standing(facts), facts
    with subtests.test("the sums"):
        _are_the_sums_of(list(found.values()), ledger(Scope(people.webshop.id)))


def _are_the_sums_of(each: list[Standing], found: Ledger) -> None:
    """Counted by facts in a few groups, it is what the rule in SQL says of each response by itself."""
    lines = Counter((one.state, one.why) for one in each)
    assert found.responses == len(each)
    assert found.promised == sum(n for (state, _), n in lines.items() if state == "promised")
    assert found.told == sum(n for (state, _), n in lines.items() if state == "told")
    assert found.unreachable == {why: n for (state, why), n in lines.items() if state == "unreachable"}
    assert found.missing == {why: n for (state, why), n in lines.items() if state == "missing"}


def _combinations() -> list[Facts]:
    return [
        Facts(
            "erased" in apart,
            "history" in apart,
            "declined" in apart,
            promise,
            channel,
            how,
            message,
            unsubscribed,
            promise == "open" and planned,
        )
        for apart, promise, (channel, message) in itertools.product(APART, PROMISES, ENDINGS)
        if not apart or message in {"sent", None}
        for how in (("done", "no_news", "progress") if channel else (None,))
        for planned in ((False, True) if promise == "open" and not apart else (False,))
        for unsubscribed in ((False, True) if message in {"suppressed", "failed", "sent"} else (False,))
    ]


def _case(survey: object, facts: Facts, now: datetime) -> tuple[int, Facts]:
    email = f"n{len(db.session.identity_map)}-{id(facts)}@example.com"
    response: Response = answered(survey, now, email=email)  # type: ignore[arg-type]
    (promise,) = promises_of(response)
    if facts.planned:
        promise.kind = "outcome"
        announce(promise, None, "", now)
    response.erased_at = now if facts.erased else None
    response.history, response.declined_at = facts.history, now if facts.declined else None
    _give(promise, facts, email, now)
    db.session.flush()
    return response.id, facts


def _give(promise: Promise, facts: Facts, email: str, now: datetime) -> None:
    if facts.channel:
        _end_with_message(promise, facts, email, now)
    if facts.promise is None:
        for update in promise.updates:
            db.session.delete(update)
        db.session.flush()
        db.session.delete(promise)
    elif facts.promise != "open":
        end(promise, facts.promise, now)


def _end_with_message(promise: Promise, facts: Facts, email: str, now: datetime) -> None:
    message = None
    if facts.channel == "mail":
        message = freeze(promise.organisation_id, "update", email, "s", "t", "<p>t</p>", "Alice", "en", now)
        if facts.message:
            message.state = facts.message
            message.sent_at = now if facts.message in {"sent", "bounced"} else None
            message.owner = "me" if facts.message in {"claimed", "transmitting"} else None
    conclude(promise, facts.how or "", message, "", now)
    if message and not facts.message:
        db.session.delete(message)
    if facts.unsubscribed:
        db.session.add(
            Suppression(
                organisation_id=promise.organisation_id,
                address_hash=keyed_hash(email),
                reason="unsubscribed",
                created_at=now,
            )
        )


def test_every_state_of_a_message_means_something() -> None:
    assert set(MESSAGE_MEANS) == set(STATES)


def test_the_ledger_counts_each_response_once(people: Cast, now: datetime) -> None:
    with writing():
        survey = opened_survey(people, now)
        answered(survey, now)
        answered(survey, now, email="", wants="page")
        answered(survey, now, wants="none")
    found = ledger(Scope(people.webshop.id, survey.id))
    assert (found.responses, found.promised, found.unreachable, found.adds_up) == (
        3,
        2,
        {"declined": 1},
        True,
    )
    assert ledger(Scope(people.housing.id)).responses == 0


def test_a_promise_that_is_not_there_is_missed(people: Cast, now: datetime) -> None:
    with writing():
        response = answered(opened_survey(people, now), now)
        db.session.delete(promises_of(response)[0])
    found = ledger(Scope(people.webshop.id))
    assert (found.lost, found.missing, found.adds_up) == (1, {"promise": 1}, False)


def test_test_answers_are_not_counted(people: Cast, now: datetime) -> None:
    with writing():
        answered(opened_survey(people, now), now - timedelta(hours=1)).is_test = True
    assert ledger(Scope(people.webshop.id)).responses == 0


def test_the_documentation_says_what_each_state_means() -> None:
    page = (ROOT / "docs" / "operations" / "ledger.md").read_text()
    assert dict(re.findall(r"^\| `(\w+)` \| (\w+) \|$", page, re.MULTILINE)) == MESSAGE_MEANS
