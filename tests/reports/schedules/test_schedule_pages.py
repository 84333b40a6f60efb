"""A manager's pages of reports on a schedule: make one, see what became of each period, change who reads it, end it."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import Membership
from core.db import db, writing
from reports.schedules import scheduling
from reports.schedules.models import Run, Schedule
from reports.schedules.schedule_jobs import ask_on_schedule, mail_reports
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import alice, bob, charlie, monday, survey, vera
from tests.each import each
from tests.hostile import WORDS
from tests.pages import Page, get, send
from tests.reports.schedules.scheduled import DECEMBER, ran
from tests.reports.schedules.test_scheduling import BOARD, made

__all__ = ["alice", "bob", "charlie", "monday", "survey", "vera"]
LIST = "/reports/schedules"


def schedules() -> list[Schedule]:
    db.session.rollback()
    return list(db.session.scalars(select(Schedule).order_by(Schedule.id)))


@pytest.fixture
def schedule(people: Cast, survey: Survey, now: datetime) -> Schedule:
    return made(people, now, ("bob@webshop.example", BOARD), language="en", survey=survey)


def page_of(schedule: Schedule) -> str:
    return f"{LIST}/{schedule.id}"


def test_reports_lead_to_it_for_a_manager_only(alice: Colleague, bob: Colleague, survey: Survey) -> None:
    assert LIST in get(alice, "/reports").links().values()
    assert LIST not in get(bob, "/reports").links().values()


def test_an_empty_page_says_what_to_do(alice: Colleague, survey: Survey) -> None:
    page = get(alice, LIST)
    assert "No report comes by itself yet" in page.words
    assert page.form()["every"] == "month"


def test_one_is_made(alice: Colleague, survey: Survey) -> None:
    answer = send(alice, get(alice, LIST), survey=str(survey.id), every="week", readers=f"{BOARD}\nbob@webshop.example")  # fmt: skip
    (made,) = schedules()
    assert (answer.status_code, answer.location) == (303, page_of(made))
    assert (made.survey_id, made.every, made.language, made.made_by.name) == (survey.id, "week", "en", "Alice Adams")  # fmt: skip
    assert (
        "The first report comes when the period that runs now is over." in get(alice, answer.location).words
    )


@pytest.mark.parametrize("typed", [f"{BOARD},a@example.com", f"{BOARD}; a@example.com", f"{BOARD}\r\n\r\na@example.com", f"  {BOARD}\ta@example.com "])  # fmt: skip
def test_addresses_may_stand_apart_in_any_way(alice: Colleague, survey: Survey, typed: str) -> None:
    send(alice, get(alice, LIST), readers=typed)
    assert [reader.mail for reader in schedules()[0].readers] == [BOARD, "a@example.com"]
    assert schedules()[0].survey is None


@each(("field", "value", "sentence"), [
    ("readers", "", "Give the mail address of somebody who reads it."), ("readers", " \n ", "Give the mail address of somebody who reads it."),
    ("readers", f"{BOARD}\nnobody", "“nobody” is not a mail address."),
    ("readers", " ".join(f"p{n}@example.com" for n in range(21)), "At most 20 people can get one report; these are 21."),
    ("readers", "x" * 8001, ""), ("survey", "999", ""), ("survey", "-1", ""), ("survey", "abc", ""), ("survey", str(2**63), ""),
    ("every", "day", ""), ("every", "", ""), ("language", "xx", ""),
])  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    alice: Colleague, survey: Survey, field: str, value: str, sentence: str
) -> None:
    answer = send(alice, get(alice, LIST), **{"readers": BOARD, field: value})
    page = Page(answer)
    assert page.status == 422
    assert sentence in page.errors()[field]
    assert page.form()["readers"].strip() == (value if field == "readers" else BOARD).strip()
    assert schedules() == []


@each("words", WORDS.values())
def test_hostile_words_are_no_address(alice: Colleague, survey: Survey, words: str) -> None:
    assert send(alice, get(alice, LIST), readers=f"{BOARD}\n{words}\nx").status_code == 422
    assert schedules() == []


def test_one_too_many_is_said_and_nothing_is_lost(
    alice: Colleague, schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "MOST_SCHEDULES", 1)
    page = Page(send(alice, get(alice, LIST), readers="new@example.com"))
    assert page.status == 422
    assert "There are 1 schedules already. End one that nobody needs first." in page.words
    assert page.form()["readers"].strip() == "new@example.com"


@pytest.mark.security("another tenant")
def test_another_organisations_survey_cannot_be_chosen(charlie: Colleague, survey: Survey) -> None:
    assert send(charlie, get(charlie, LIST), survey=str(survey.id), readers=BOARD).status_code == 422
    assert schedules() == []


@pytest.mark.security("another tenant")
def test_another_organisations_schedule_is_nobodys(
    charlie: Colleague, alice: Colleague, schedule: Schedule
) -> None:
    typed: dict[str, Any] = {"readers": "evil@example.com", "language": "en"}
    assert charlie.get(page_of(schedule)).status_code == 404
    for address in (page_of(schedule), f"{page_of(schedule)}/end"):
        assert charlie.post(address, data=typed).status_code == 404
    assert "Your order" not in get(charlie, LIST).words
    assert schedules()[0].ended_at is None


def test_agents_and_viewers_are_refused(bob: Colleague, vera: Colleague, schedule: Schedule) -> None:
    for colleague in (bob, vera):
        assert colleague.get(LIST).status_code == colleague.get(page_of(schedule)).status_code == 403
        for address in (LIST, page_of(schedule), f"{page_of(schedule)}/end"):
            assert colleague.post(address, data={}).status_code == 403


@pytest.mark.parametrize("id", [0, 999, 2**63 - 1, 2**63, "x", "-1"])
def test_an_id_that_is_nobodys(alice: Colleague, schedule: Schedule, id: object) -> None:
    assert alice.get(f"{LIST}/{id}").status_code == 404
    assert alice.post(f"{LIST}/{id}", data={"readers": BOARD, "language": "en"}).status_code in {404, 405}


def test_the_page_names_its_readers_and_says_that_none_is_over(alice: Colleague, schedule: Schedule) -> None:
    page = get(alice, page_of(schedule))
    assert page.heading == "Your order"
    for words in ("Every month", "Alice Adams", "Bob Bakker · bob@webshop.example", BOARD, "None is over yet"):  # fmt: skip
        assert words in page.words
    assert page.form()["readers"].split() == ["bob@webshop.example", BOARD]


def test_it_says_why_somebody_gets_no_more(
    alice: Colleague, people: Cast, schedule: Schedule, now: datetime
) -> None:
    with writing():
        scheduling.stop(schedule.readers[1], now)
        held = select(Membership).where(Membership.staff_id == people.bob.id)
        db.session.scalars(held).one().left_at = now
    words = get(alice, page_of(schedule)).words
    assert "bob@webshop.example left the organisation, and gets no more" in words
    assert f"{BOARD} asked for no more of it" in words


def test_readers_and_language_are_changed(alice: Colleague, schedule: Schedule) -> None:
    answer = send(alice, get(alice, page_of(schedule)), language="nl", readers=BOARD)
    assert answer.status_code == 303
    assert "Saved." in get(alice, answer.location).words
    (changed,) = schedules()
    assert changed.language == "nl"
    assert [r.mail for r in changed.readers if not r.removed_at] == [BOARD]


def test_survey_and_rhythm_stay(alice: Colleague, schedule: Schedule) -> None:
    send(alice, get(alice, page_of(schedule)), survey="0", every="week")
    assert (schedules()[0].every, schedules()[0].survey_id) == ("month", schedule.survey_id)


def test_a_change_that_cannot_be_changes_nothing_and_keeps_what_was_typed(
    alice: Colleague, schedule: Schedule
) -> None:
    page = Page(send(alice, get(alice, page_of(schedule)), readers="nobody"))
    assert page.status == 422
    assert "“nobody” is not a mail address." in page.errors()["readers"]
    assert page.form()["readers"].strip() == "nobody"
    assert len(schedules()[0].readers) == 2


def test_who_asked_for_no_more_cannot_be_put_back(
    alice: Colleague, schedule: Schedule, now: datetime
) -> None:
    with writing():
        scheduling.stop(schedule.readers[1], now)
        scheduling.change(schedule, "en", ["bob@webshop.example"], now)
    page = Page(send(alice, get(alice, page_of(schedule)), readers=f"bob@webshop.example\n{BOARD}"))
    assert page.status == 422
    assert f"{BOARD} asked for no more of this report." in page.words


def test_it_is_ended_once(alice: Colleague, schedule: Schedule) -> None:
    for words in ("Ended. What was made stays in the archive.", "This schedule was ended already."):
        answer = alice.post(f"{page_of(schedule)}/end")
        assert answer.status_code == 303
        page = get(alice, answer.location)
        assert words in page.words
    assert "End it" not in page.words
    assert "ended on" in get(alice, LIST).words
    late = alice.post(page_of(schedule), data={"readers": BOARD, "language": "nl"}, follow_redirects=True)
    assert "This schedule was ended already." in Page(late).words


@pytest.mark.parametrize(
    ("failed", "words"), [((), "ready"), ((0,), "could not be made")], ids=["ready", "failed"]
)
def test_each_period_says_what_became_of_it(
    alice: Colleague, schedule: Schedule, failed: tuple[int, ...], words: str
) -> None:
    assert ask_on_schedule(DECEMBER) == 1
    assert "being made" in get(alice, page_of(schedule)).words
    db.session.rollback()
    (report,) = _finished(failed)
    mail_reports(DECEMBER)
    for address in (LIST, page_of(schedule)):
        assert words in get(alice, address).words
    page = get(alice, page_of(schedule))
    assert f"/reports/{report}" in page.links().values()
    assert ("took longer than 60 seconds" in page.words) is bool(failed)
    assert (f"{BOARD} waiting to be sent" in page.words) is (not failed)
    assert ("nobody" in page.words) is bool(failed)


def _finished(failed: tuple[int, ...]) -> list[int]:
    from tests.reports.schedules.scheduled import done

    return [report.id for report in done(DECEMBER, failed)]


def test_periods_that_were_skipped_are_counted(alice: Colleague, schedule: Schedule) -> None:
    ran()
    with writing():
        db.session.scalars(select(Run)).one().skipped = 2
    assert "2 periods before it were missed" in get(alice, page_of(schedule)).words


def test_the_pages_speak_dutch(alice: Colleague, people: Cast, schedule: Schedule) -> None:
    with writing():
        people.alice.language = "nl"
    words = get(alice, page_of(schedule)).words
    assert "Elke maand" in words
    assert "Lezers" in words
