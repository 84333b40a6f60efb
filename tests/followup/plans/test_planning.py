"""Whoever was told what is planned is owed its outcome: announced by the same message, ended by the deed, or broken."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from accounts.models import Membership
from accounts.people import away, leave
from accounts.presence import membership
from core.db import db, writing
from followup.composing import compose_due
from followup.corrections.correcting import correct, tell_done
from followup.judging import Judgement, judge
from followup.no_news import compose_no_news
from followup.receipts import compose_receipts
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Promise
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, day, decided, promises_of, settled
from triage.models import Action
from triage.waiting import Waiting, wait


@pytest.fixture
def response(survey: Survey, plan: Action, now: datetime) -> Response:
    """Rita's, who was told the plan."""
    with writing():
        found = answered(survey, now)
        settled(found, plan, now)
    compose_due(now)
    return found


def last_mail() -> Message:
    return db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()


def bobs(people: Cast) -> Membership:
    found = membership(people.webshop.id, people.bob.id)
    assert found
    return found


def owed(response: Response) -> Promise:
    return promises_of(response)[-1]


@pytest.mark.both_databases
def test_the_message_that_tells_a_plan_promises_its_outcome(
    people: Cast, response: Response, plan: Action, now: datetime
) -> None:
    first, outcome = promises_of(response)
    assert (first.ended_as, outcome.kind, outcome.because, outcome.due_on) == (
        "told",
        "outcome",
        "planned",
        plan.due_on,
    )
    assert outcome.who == people.bob, "whose plan it is"
    assert outcome.predecessor_id == first.id
    assert [u.kind for u in outcome.updates] == ["receipt"]
    assert outcome.updates[0].message == first.updates[-1].message, (
        "one message tells the one and announces the other"
    )
    assert "What: what came of it\nWho: Bob Bakker\nWhen: Monday 30 November 2026" in last_mail().text
    assert ledger(Scope(people.webshop.id)).promised == 1
    assert compose_receipts(now) == 0, "it is not announced twice"


def test_it_is_told_when_it_is_done(people: Cast, response: Response, plan: Action, now: datetime) -> None:
    later = now + timedelta(hours=2)
    with writing():
        tell_done(plan, later.date(), later)
    assert compose_due(later) == 1, "on the same day: a plan that is done does not wait"
    last = owed(response)
    assert (last.kind, last.ended_as, last.updates[-1].how) == ("outcome", "told", "done")
    assert len(promises_of(response)) == 2


def test_no_news_on_its_day_breaks_it_says_so_and_promises_the_next_update(
    people: Cast, response: Response, now: datetime
) -> None:
    afternoon = now + timedelta(days=7, hours=4)
    assert compose_no_news(afternoon) == 1
    _first, outcome, following = promises_of(response)
    assert (outcome.ended_as, outcome.updates[-1].how, outcome.moves) == ("told", "no_news", 0)
    assert (following.kind, following.because, following.who) == ("update", "no_news", people.bob)
    assert last_mail().subject == "Not done yet; you hear from Bob Bakker by Monday 7 December 2026"
    said = "what we told you after your answer about “Your order”, and it is not done:\n\nPlanned for 30 November 2026, by Bob Bakker"
    assert f"{said}\nWe now use a stronger box." in last_mail().text, "what and by when, as they were told"
    assert "We now use a stronger box." in last_mail().html
    assert "We now use a stronger box." in outcome.updates[-1].words, "and so does their own page"


def test_a_broken_outcome_is_quoted_in_the_language_of_its_reader(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        dutch = answered(survey, now, email="dirk@example.com", language="nl")
        settled(dutch, decided(people, now, "planned"), now)
    compose_due(now)
    compose_no_news(now + timedelta(days=7, hours=4))
    told = last_mail().text
    assert "Gepland voor 30 november 2026, door Bob Bakker\nWij gebruiken nu een stevigere doos." in told


def test_a_plan_that_was_withdrawn_meanwhile_is_not_said_again(
    people: Cast, response: Response, plan: Action, now: datetime
) -> None:
    """Until the correction is told: then the day alone is named."""
    with writing():
        plan.withdrawn_at = now
    compose_no_news(now + timedelta(days=7, hours=4))
    assert "would be done by 30 November 2026. It is not done." in last_mail().text


def test_what_is_told_late_ends_the_update_that_followed(
    response: Response, plan: Action, now: datetime
) -> None:
    afternoon, done = now + timedelta(days=7, hours=4), now + timedelta(days=9)
    compose_no_news(afternoon)
    with writing():
        tell_done(plan, done.date(), done)
    compose_due(done)
    assert (owed(response).ended_as, owed(response).updates[-1].how) == ("told", "done")


def test_something_else_told_meanwhile_promises_the_outcome_again(
    people: Cast, response: Response, plan: Action, now: datetime
) -> None:
    tomorrow = now + timedelta(days=1)
    with writing():
        settled(response, decided(people, tomorrow, "thanks"), tomorrow)
    compose_due(tomorrow)
    assert [p.kind for p in promises_of(response)] == ["update", "outcome", "outcome"]
    assert (owed(response).is_open, owed(response).due_on) == (True, plan.due_on)


def test_two_plans_owe_the_earlier_one_first(
    people: Cast, survey: Survey, plan: Action, now: datetime
) -> None:
    with writing():
        sooner = decided(people, now, "planned", due_on=day("2026-11-26"))
        found = answered(survey, now)
        settled(found, plan, now)
        settled(found, sooner, now)
    compose_due(now)
    assert owed(found).due_on == day("2026-11-26")
    with writing():
        tell_done(sooner, day("2026-11-24"), now + timedelta(days=1))
    compose_due(now + timedelta(days=1))
    assert (owed(found).kind, owed(found).due_on) == ("outcome", plan.due_on)


def test_a_no_makes_the_far_outcome_wait_and_its_answer_promises_it_again(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        far = decided(people, now, "planned", due_on=day("2026-12-18"))
        found = answered(survey, now)
        settled(found, far, now)
    compose_due(now)
    with writing():
        judge(found, Judgement(False, None, "By when?", "n1"), now)
    assert [p.ended_as for p in promises_of(found)] == ["told", "cancelled", None]
    assert (owed(found).because, owed(found).due_on) == ("not_clear", day("2026-11-30"))
    tomorrow = now + timedelta(days=1)
    with writing():
        settled(found, decided(people, tomorrow, "thanks"), tomorrow)
    compose_due(tomorrow)
    assert (owed(found).kind, owed(found).due_on) == ("outcome", day("2026-12-18"))


def test_a_nearer_outcome_answers_a_no_by_itself(people: Cast, response: Response, now: datetime) -> None:
    with writing():
        judge(response, Judgement(False, None, "By when?", "n1"), now)
    assert [p.ended_as for p in promises_of(response)] == ["told", None]


def test_a_plan_that_was_wrong_is_owed_no_longer(
    people: Cast, response: Response, plan: Action, now: datetime
) -> None:
    with writing():
        right = decided(people, now, "wont_do", words={"en": "The boxes stay."})
        right.corrects_id = plan.id
        correct(plan, right, now)
    compose_due(now)
    assert (owed(response).kind, owed(response).ended_as) == ("outcome", "told")
    assert ledger(Scope(people.webshop.id)).promised == 1, "until the mail is sent; nothing else is open"


def test_an_anonymous_one_reads_the_date_on_the_own_page(
    people: Cast, survey: Survey, plan: Action, now: datetime
) -> None:
    with writing():
        found = answered(survey, now, wants="page")
        settled(found, plan, now)
    compose_due(now)
    told = promises_of(found)[0].updates[-1]
    assert (told.channel, owed(found).kind) == ("page", "outcome")
    assert "You hear from Bob Bakker by Monday 30 November 2026." in told.words


def test_a_third_party_stands_in_the_update_and_in_no_news(
    people: Cast, survey: Survey, plan: Action, now: datetime
) -> None:
    with writing():
        wait(plan, Waiting({"en": "the supplier"}, day("2026-11-19"), day("2026-11-26")), now.date(), now)
        settled(answered(survey, now), plan, now)
    said = "We are waiting for the supplier since 19 November 2026 and ask again on 26 November 2026."
    compose_due(now)
    assert said in last_mail().text
    compose_no_news(now + timedelta(days=7, hours=4))
    assert said in last_mail().text
    assert said in last_mail().html


def test_who_is_away_is_followed_and_the_next_message_says_so(
    people: Cast, response: Response, now: datetime
) -> None:
    with writing():
        away(bobs(people), now + timedelta(days=20), now)
    compose_no_news(now + timedelta(days=7, hours=4))
    assert owed(response).who == people.alice
    assert "Bob Bakker is away until 13 December 2026; Alice Adams follows this now." in last_mail().text


def test_who_left_is_followed_in_the_message_that_ends_their_promise(
    people: Cast, response: Response, plan: Action, now: datetime
) -> None:
    with writing():
        leave(bobs(people), now)
        tell_done(plan, now.date(), now)
    compose_due(now)
    assert "Bob Bakker no longer works on this; Alice Adams follows it now." in last_mail().text
    assert last_mail().sender_name == "Alice Adams · Webshop"
