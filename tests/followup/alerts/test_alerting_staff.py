"""Colleagues hear of threats and low scores as each of them chose: at once, once a day, or not; never twice, never in heaps."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from accounts import alerts
from accounts.models import Membership
from accounts.presence import membership
from core.db import db, writing
from core.models import Event
from followup.alerts.alerting import alert_managers
from followup.alerts.alerting_finding import note, unheard
from followup.alerts.alerting_writing import alert_staff
from followup.alerts.models import StaffAlert
from outbox.models import Message
from surveys.models import Survey
from surveys.settings.watching import choose_watch
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said, scored
from tests.pages import get, send
from triage.feeling.threatening import clear

THREAT = "Your driver is an asshole. If he comes again I'm going to punch him."
MINUTE = timedelta(minutes=1)


def choose(people: Cast, name: str, now: datetime, **chosen: str) -> Membership:
    with writing():
        staff = {"alice": people.alice, "bob": people.bob}[name]
        member = membership(people.webshop.id, staff.id)
        assert member
        alerts.choose(member, {kind: alerts.choice(member, kind) for kind in alerts.KINDS} | chosen, now)
    return member


def mails(recipient: str = "") -> list[Message]:
    query = select(Message).where(Message.kind == "alert").order_by(Message.id)
    return [m for m in db.session.scalars(query) if recipient in m.recipient]


@pytest.mark.both_databases
def test_managers_hear_of_a_threat_at_once_and_once(people: Cast, survey: Survey, now: datetime) -> None:
    comment = said(survey, now, THREAT)
    assert alert_staff(now + MINUTE) == 1
    assert alert_staff(now + 2 * MINUTE) == 0
    assert alert_staff(now + 60 * MINUTE) == 0
    (mail,) = mails()
    assert (mail.recipient, mail.subject) == (
        "alice@webshop.example",
        "Read 1 answer now: somebody may be in danger",
    )
    assert f"/responses/{comment.response_id}" in mail.text
    assert "going to punch him" in mail.text


def test_swearing_is_masked_in_the_mail_unless_they_read_it(
    people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        people.bob.show_swearing = True
    choose(people, "bob", now, threat="each")
    said(survey, now, THREAT)
    alert_staff(now + MINUTE)
    (alices,), (bobs,) = mails("alice"), mails("bob")
    assert "an a******." in alices.text
    assert "asshole" not in alices.text + alices.html
    assert "an asshole." in bobs.text


def test_legal_steps_alert_nobody(survey: Survey, now: datetime) -> None:
    said(survey, now, "You will hear from my solicitor.")
    assert alert_staff(now) == 0


def test_a_threat_that_was_cleared_before_alerts_nobody(survey: Survey, now: datetime) -> None:
    comment = said(survey, now, THREAT)
    with writing():
        clear(comment, now)
    assert alert_staff(now + MINUTE) == 0


@pytest.mark.both_databases
def test_one_of_a_kind_in_a_quarter_of_an_hour_and_the_rest_in_the_next(
    people: Cast, survey: Survey, now: datetime
) -> None:
    choose(people, "bob", now, detractor="each")
    scored(survey, now, score=1)
    assert alert_staff(now) == 1
    for number in range(19):
        scored(survey, now + MINUTE, score=1, email=f"person{number}@example.com")
    assert alert_staff(now + 14 * MINUTE) == 0
    assert alert_staff(now + 15 * MINUTE) == 1
    last = mails("bob")[-1]
    assert last.subject == "19 people are dissatisfied"
    assert "And 14 more." in last.text
    assert alert_staff(now + 31 * MINUTE) == 0


def test_another_kind_need_not_wait(people: Cast, survey: Survey, now: datetime) -> None:
    choose(people, "alice", now, detractor="each")
    scored(survey, now, score=1)
    assert alert_staff(now) == 1
    said(survey, now + MINUTE, THREAT, score=4, email="rob@example.com")
    assert alert_staff(now + MINUTE) == 1


@pytest.mark.both_databases
def test_once_a_day_is_at_eight(people: Cast, survey: Survey, now: datetime) -> None:
    choose(people, "alice", now, threat="none", detractor="daily")
    scored(survey, now, score=2)
    assert alert_staff(now) == 1, "half past ten: eight has passed, and nothing was said today"
    scored(survey, now + MINUTE, score=2, email="rob@example.com")
    assert alert_staff(now + MINUTE) == 0
    assert alert_staff(now + timedelta(hours=21)) == 0, "half past seven"
    assert alert_staff(now + timedelta(hours=22)) == 1
    assert len(mails()) == 2


@pytest.mark.parametrize(("score", "heard"), [(1, 1), (2, 1), (3, 0), (5, 0)])
def test_a_detractor_gives_two_of_five_or_less(
    people: Cast, survey: Survey, now: datetime, score: int, heard: int
) -> None:
    choose(people, "bob", now, detractor="each")
    scored(survey, now, score=score)
    assert alert_staff(now) == heard


@pytest.mark.parametrize(("bound", "score", "heard"), [(3, 3, 1), (3, 4, 0), (1, 2, 0), (1, 1, 1), (0, 1, 0)])
def test_a_survey_may_have_a_bound_of_its_own(
    people: Cast, survey: Survey, now: datetime, bound: int, score: int, heard: int
) -> None:
    choose(people, "bob", now, detractor="each")
    with writing():
        choose_watch(survey, approves_words=False, bound=bound, now=now)
    scored(survey, now, score=score)
    assert alert_staff(now) == heard


def test_tests_history_and_what_is_old_alert_nobody(people: Cast, survey: Survey, now: datetime) -> None:
    choose(people, "bob", now, detractor="each")
    first, second = scored(survey, now, score=1), scored(survey, now, score=1, email="b@example.com")
    scored(survey, now - timedelta(days=2), score=1, email="c@example.com")
    with writing():
        first.is_test, second.history = True, True
    assert alert_staff(now) == 0


def test_who_left_or_chose_nothing_hears_nothing(people: Cast, survey: Survey, now: datetime) -> None:
    choose(people, "bob", now, detractor="none", threat="none")
    member = choose(people, "alice", now, detractor="each")
    with writing():
        member.left_at = now
    said(survey, now, THREAT, score=1)
    assert alert_staff(now) == 0


def test_another_organisation_hears_nothing(people: Cast, survey: Survey, now: datetime) -> None:
    said(survey, now, THREAT)
    alert_staff(now)
    assert [m.recipient for m in mails()] == ["alice@webshop.example"]


@pytest.mark.both_databases
def test_a_second_clock_finds_nothing_new(survey: Survey, now: datetime) -> None:
    said(survey, now, THREAT)
    (found,) = unheard(now)
    with writing():
        assert (note(found, now), note(found, now)) == (1, 0), (
            "it found the same, before the first one wrote it down"
        )
    assert unheard(now) == []
    assert db.session.scalar(select(func.count(StaffAlert.id))) == 1


def test_the_warning_of_promises_can_be_left(people: Cast, survey: Survey, now: datetime) -> None:
    said(survey, now)
    choose(people, "alice", now, promise="none")
    assert alert_managers(now + timedelta(days=4)) == 0
    choose(people, "alice", now, promise="daily")
    assert alert_managers(now + timedelta(days=4)) == 1


def test_each_person_chooses_on_their_own_page(
    people: Cast, bob: Colleague, survey: Survey, now: datetime
) -> None:
    page = get(bob, "/settings/alerts")
    assert page.form() | {"csrf_token": ""} == {
        "threat": "none",
        "detractor": "none",
        "promise": "none",
        "csrf_token": "",
    }
    assert send(bob, page, detractor="each").status_code == 303
    assert get(bob, "/settings/alerts").form()["detractor"] == "each"
    scored(survey, now, score=1)
    assert alert_staff(now) == 1


def test_a_manager_begins_with_threats_at_once(alice: Colleague) -> None:
    form = get(alice, "/settings/alerts").form()
    assert (form["threat"], form["detractor"], form["promise"]) == ("each", "none", "daily")


@pytest.mark.parametrize(("kind", "how"), [("threat", "hourly"), ("promise", "each"), ("detractor", "")])
def test_what_cannot_be_chosen_is_refused_beside_its_field(bob: Colleague, kind: str, how: str) -> None:
    answer = send(bob, get(bob, "/settings/alerts"), **{kind: how})
    assert answer.status_code == 422
    assert get(bob, "/settings/alerts").form()[kind] == "none"


def test_of_many_answers_five_are_named_the_oldest_first(people: Cast, survey: Survey, now: datetime) -> None:
    choose(people, "bob", now, detractor="each")
    first, *others = [scored(survey, now, score=1, email=f"p{n}@example.com") for n in range(7)]
    alert_staff(now)
    (mail,) = mails("bob")
    named = [r.id for r in (first, *others) if f"/responses/{r.id}\n" in mail.text]
    assert named == [first.id, *(r.id for r in others[:4])]
    assert "And 2 more." in mail.text


def test_a_daily_mail_holds_every_kind(people: Cast, survey: Survey, now: datetime) -> None:
    choose(people, "bob", now, threat="daily", detractor="daily")
    said(survey, now, THREAT, score=1)
    scored(survey, now, score=1, email="rob@example.com")
    alert_staff(now)
    (mail,) = mails("bob")
    assert mail.text.index("somebody may harm themselves") < mail.text.index("They gave a low score")
    assert mail.subject == "Read 1 answer now: somebody may be in danger"


def test_who_came_later_hears_nothing_of_what_was_before(people: Cast, survey: Survey, now: datetime) -> None:
    member = choose(people, "bob", now, detractor="each")
    scored(survey, now, score=1)
    with writing():
        member.since = now + MINUTE
    assert alert_staff(now + 2 * MINUTE) == 0


def test_a_clock_that_was_off_for_days_writes_of_the_last_one(
    people: Cast, survey: Survey, now: datetime
) -> None:
    choose(people, "bob", now, detractor="each")
    scored(survey, now, score=1)
    scored(survey, now + timedelta(days=3), score=1, email="rob@example.com")
    assert alert_staff(now + timedelta(days=3, hours=1)) == 1
    assert mails("bob")[0].subject == "1 person is dissatisfied"


def test_who_wants_to_hear_no_more_hears_no_more_of_what_was_found_before(
    people: Cast, survey: Survey, now: datetime
) -> None:
    choose(people, "bob", now, detractor="daily")
    scored(survey, now + timedelta(hours=15), score=1)
    assert alert_staff(now + timedelta(hours=16)) == 0, "half past two in the night"
    choose(people, "bob", now, detractor="none")
    assert alert_staff(now + timedelta(hours=24)) == 0
    choose(people, "bob", now, detractor="daily")
    assert alert_staff(now + timedelta(hours=25)) == 0


def test_the_choice_of_one_organisation_is_none_in_another(
    people: Cast, charlie: Colleague, now: datetime
) -> None:
    choose(people, "alice", now, threat="none")
    assert get(charlie, "/settings/alerts").form()["threat"] == "each"


def test_who_chose_what_is_written_down(people: Cast, now: datetime) -> None:
    choose(people, "bob", now, detractor="each")
    event = db.session.scalars(select(Event).where(Event.verb == "staff.alerts_chosen")).one()
    assert event.detail == {"threat": "none", "detractor": "each", "promise": "none", "approval": "none"}


def test_no_mail_holds_an_address_of_a_customer(people: Cast, survey: Survey, now: datetime) -> None:
    said(survey, now, THREAT)
    alert_staff(now)
    assert "rita@example.com" not in mails()[0].text + mails()[0].html
