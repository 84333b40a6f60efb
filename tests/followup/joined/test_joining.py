"""The same complaint by another way is offered to a colleague, handled as one, told as one, and taken apart again."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from core.db import db, writing
from core.errors import Conflict
from customers import merging
from followup.composing import compose_due
from followup.joined.joining import Asking, handle_as_one, part_strangers, take_apart, under_way
from outbox.models import Message
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.loop import decided, opened_survey
from tests.pages import get
from triage.joining import joinings_of
from triage.models import Comment, Tag
from triage.models_index import CommentIndex
from triage.models_joining import Joining
from triage.tagging import tag

HOLD = timedelta(minutes=15)
DAY = timedelta(days=1)
WORDS = "The kettle came with a cracked lid and it leaks boiling water."
NOTE = "Customer says: kettle came with cracked lid, leaks boiling water."


@pytest.fixture
def helpdesk(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now, "helpdesk")


@pytest.fixture
def asked(survey: Survey, now: datetime) -> Comment:
    return said(survey, now - DAY, WORDS)


@pytest.fixture
def phoned(helpdesk: Survey, asked: Comment, now: datetime) -> Comment:
    return said(helpdesk, now, NOTE, source="phone")


def as_one(one: Comment, other: Comment, now: datetime) -> Joining:
    with writing():
        return handle_as_one(one, [other], Asking(None, HOLD, now.date(), now))[0]


def settled(people: Cast, comment: Comment, now: datetime, hold: timedelta = HOLD) -> Tag:
    with writing():
        return tag([comment], decided(people, now), people.bob.id, hold, now)[0]


def tags_of(comment: Comment) -> list[Tag]:
    db.session.refresh(comment, ["tags"])
    return comment.live_tags


class TestOffered:
    """Only what one person said by another way, in words that are alike, within days that both surveys allow."""

    @pytest.fixture(autouse=True)
    def at_the_desk(self, alice: Colleague) -> None:
        """Offers are asked for by somebody of the organisation."""

    def offered(self, alice: Colleague, comment: Comment) -> bool:
        return "handle as one?" in get(alice, f"/comments/{comment.id}").words

    def test_the_same_by_phone(
        self, alice: Colleague, asked: Comment, phoned: Comment, now: datetime
    ) -> None:
        page = get(alice, f"/comments/{asked.id}")
        assert f"Rita Ritsema also said this by phone on {now:%-d %B}: handle as one?" in page.words
        assert NOTE in page.words, "both texts stand side by side"
        assert "Both use: kettle, cracked, lid, leaks, boiling, water." in page.words
        assert (
            f"also said this in a survey on {now - DAY:%-d %B}" in get(alice, f"/comments/{phoned.id}").words
        )

    def test_not_another_complaint(
        self, alice: Colleague, helpdesk: Survey, asked: Comment, now: datetime
    ) -> None:
        said(helpdesk, now, "The toaster has the wrong plug and no manual was in the box.")
        assert not self.offered(alice, asked)

    def test_not_of_another_person(
        self, alice: Colleague, helpdesk: Survey, asked: Comment, now: datetime
    ) -> None:
        said(helpdesk, now, NOTE, email="otto@example.com")
        assert not self.offered(alice, asked)

    def test_not_twice_in_one_survey(
        self, alice: Colleague, survey: Survey, asked: Comment, now: datetime
    ) -> None:
        said(survey, now, NOTE)
        assert not self.offered(alice, asked)

    def test_by_phone_in_the_same_survey(
        self, alice: Colleague, survey: Survey, asked: Comment, now: datetime
    ) -> None:
        said(survey, now, NOTE, source="phone")
        assert self.offered(alice, asked)

    @pytest.mark.parametrize(("days", "offered"), [(0, False), (1, True)])
    def test_within_the_days_of_both_surveys(
        self, alice: Colleague, asked: Comment, phoned: Comment, days: int, offered: bool
    ) -> None:
        with writing():
            phoned.response.survey.joins_within = days
        assert self.offered(alice, asked) == self.offered(alice, phoned) == offered

    def test_not_what_was_said_anonymously(self, alice: Colleague, asked: Comment, phoned: Comment) -> None:
        with writing():
            phoned.response.survey.anonymous = True
        assert not self.offered(alice, asked)
        assert not self.offered(alice, phoned)

    def test_of_somebody_who_turned_out_to_be_the_same(
        self, people: Cast, alice: Colleague, helpdesk: Survey, asked: Comment, now: datetime
    ) -> None:
        other = said(helpdesk, now, NOTE, email="rita@work.example").response.customer
        assert other
        assert asked.response.customer
        with writing():
            merging.merge(other, asked.response.customer, "She said so", now)
        assert self.offered(alice, asked)

    def test_a_viewer_is_offered_nothing(self, vera: Colleague, asked: Comment, phoned: Comment) -> None:
        assert not self.offered(vera, asked)

    def test_it_asks_the_same_however_much_they_said(
        self, alice: Colleague, helpdesk: Survey, asked: Comment, phoned: Comment, now: datetime
    ) -> None:
        few = self.asked_for(alice, asked)
        for n in range(6):
            said(helpdesk, now, f"{NOTE} {n}")
        assert self.asked_for(alice, asked) <= few

    def asked_for(self, alice: Colleague, comment: Comment) -> int:
        statements = []
        get(alice, f"/comments/{comment.id}")  # what is read once is read
        count = lambda *_args: statements.append(1)  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", count)
        get(alice, f"/comments/{comment.id}")
        event.remove(db.engine, "before_cursor_execute", count)
        return len(statements)


class TestHandledAsOne:
    """Whoever waits gets what was decided about the others."""

    def test_what_is_held_is_given_and_told_together(
        self, people: Cast, asked: Comment, phoned: Comment, now: datetime
    ) -> None:
        first = settled(people, asked, now - HOLD / 2)
        made = as_one(asked, phoned, now)
        (given,) = tags_of(phoned)
        assert given.action == first.action
        assert given.release_at == first.release_at == now + HOLD, (
            "what was decided first waits for the other"
        )
        assert made.brought["tags"] == [given.id]
        assert compose_due(now + HOLD) == 2
        assert len(told()) == 1

    def test_who_was_told_already_is_told_nothing_twice(
        self, people: Cast, asked: Comment, phoned: Comment, now: datetime
    ) -> None:
        settled(people, asked, now, timedelta())
        compose_due(now)
        as_one(phoned, asked, now)
        assert under_way(asked), "the message is queued"
        compose_due(now + DAY)
        assert len(told()) == 1

    def test_who_said_it_again_after_they_were_told_waits_for_a_person(
        self, people: Cast, helpdesk: Survey, asked: Comment, now: datetime
    ) -> None:
        settled(people, asked, now, timedelta())
        compose_due(now)
        again = said(helpdesk, now + HOLD, NOTE)
        as_one(asked, again, now + HOLD)
        assert tags_of(again) == []
        assert db.session.get_one(CommentIndex, asked.id).is_open

    def test_not_while_a_manager_is_asked(
        self, people: Cast, asked: Comment, phoned: Comment, now: datetime
    ) -> None:
        held = settled(people, asked, now)
        with writing():
            held.awaits_manager = True
        with pytest.raises(Conflict, match="waits for a manager"):
            as_one(asked, phoned, now)
        db.session.rollback()
        assert db.session.scalars(select(Joining)).all() == []

    def test_taken_apart_nothing_of_it_is_left(
        self, people: Cast, asked: Comment, phoned: Comment, now: datetime
    ) -> None:
        first = settled(people, asked, now)
        made = as_one(asked, phoned, now)
        with writing():
            assert take_apart(made, now) == 1
        assert (tags_of(asked), tags_of(phoned)) == ([first], [])
        assert db.session.get_one(CommentIndex, phoned.id).is_open

    def test_taken_apart_after_it_was_told_it_stays_told(
        self, people: Cast, asked: Comment, phoned: Comment, now: datetime
    ) -> None:
        settled(people, asked, now, timedelta())
        made = as_one(asked, phoned, now)
        compose_due(now + HOLD)
        with writing():
            assert take_apart(made, now + HOLD) == 0
        assert [t.told_at is not None for c in (asked, phoned) for t in tags_of(c)] == [True, True]


def test_two_people_after_all_stand_apart(
    people: Cast, alice: Colleague, helpdesk: Survey, asked: Comment, now: datetime
) -> None:
    other = said(helpdesk, now, NOTE, email="rita@work.example")
    assert other.response.customer
    assert asked.response.customer
    with writing():
        merge = merging.merge(other.response.customer, asked.response.customer, "One person", now)
    as_one(asked, other, now)
    answer = alice.post(f"/merges/{merge.id}/undoing", data={"reason": "Two sisters"})
    assert (
        "1 comment that stood as one with another stands by itself again."
        in get(alice, answer.location).words
    )
    db.session.expire_all()
    assert (asked.complaint_id, other.complaint_id) == (None, None)
    with writing():
        assert part_strangers([other.response.customer_id or 0], now) == 0


def told() -> list[Message]:
    db.session.expire_all()
    return list(db.session.scalars(select(Message).where(Message.kind == "update")))


class TestOnThePages:
    """One click joins, one click undoes; whoever comes too late reads why."""

    def joined(self, who: Colleague, one: Comment, *others: Comment) -> str:
        answer = who.post(f"/comments/{one.id}/joining", data={"with_ids": [str(c.id) for c in others]})
        assert answer.status_code == 303
        return get(who, answer.location).words

    def undone(self, who: Colleague, made: Joining) -> str:
        return get(who, who.post(f"/joinings/{made.id}/undoing", data={}).location).words

    def test_one_line_in_the_inbox_with_its_ways(
        self, bob: Colleague, asked: Comment, phoned: Comment
    ) -> None:
        page = self.joined(bob, phoned, asked)
        assert "This is handled as one from now on" in page
        assert "Said 2 times, handled as one" in page
        assert "Joined by Bob Bakker" in page
        inbox = get(bob, "/inbox").words
        assert "said 2 times: survey, phone" in inbox
        assert inbox.count("Rita Ritsema") == 1
        assert bob.get(f"/comments/{phoned.id}").location.endswith(f"/comments/{asked.id}")

    def test_one_action_settles_both_and_one_click_undoes_it(
        self, people: Cast, bob: Colleague, asked: Comment, phoned: Comment, now: datetime
    ) -> None:
        self.joined(bob, asked, phoned)
        with writing():
            action = decided(people, now)
        bob.post(f"/comments/{asked.id}/settlement", data={"choice": str(action.id), "step": "settle"})
        assert [len(tags_of(c)) for c in (asked, phoned)] == [1, 1]
        page = get(bob, f"/comments/{asked.id}").words
        assert page.count("We now use a stronger box.") == 1, "one decision, shown once"
        bob.post(f"/tags/{tags_of(asked)[0].id}/withdrawal", data={})
        assert [len(tags_of(c)) for c in (asked, phoned)] == [0, 0]

    def test_taken_apart(self, bob: Colleague, asked: Comment, phoned: Comment) -> None:
        self.joined(bob, asked, phoned)
        (made,) = joinings_of(asked)
        assert "These stand apart again. What was told stays told." in self.undone(bob, made)
        assert "These were taken apart already." in self.undone(bob, made)

    def test_in_two_windows(self, bob: Colleague, alice: Colleague, asked: Comment, phoned: Comment) -> None:
        self.joined(bob, asked, phoned)
        assert "These stand as one already." in self.joined(alice, phoned, asked)

    def test_labels_from_an_old_page_land_on_the_desk(
        self, bob: Colleague, asked: Comment, phoned: Comment
    ) -> None:
        self.joined(bob, asked, phoned)
        bob.post(f"/comments/{phoned.id}/labels", data={"emotion": "angry"})
        db.session.expire_all()
        assert (asked.emotion, phoned.emotion) == ("angry", None)

    def test_while_it_is_being_told_that_is_said(
        self, people: Cast, bob: Colleague, asked: Comment, phoned: Comment, now: datetime
    ) -> None:
        settled(people, asked, now, timedelta())
        compose_due(now)
        page = self.joined(bob, asked, phoned)
        assert "One of these is being told right now" in page
        assert "What was done about one of these is said about the others too" in page

    def test_two_people_are_not_joined(
        self, people: Cast, bob: Colleague, survey: Survey, asked: Comment, now: datetime
    ) -> None:
        other = said(survey, now, email="otto@example.com")
        assert "of two people, as far as we know" in self.joined(bob, asked, other)

    @pytest.mark.parametrize("sent", [{}, {"with_ids": ["nobody"]}, {"with_ids": ["-1"]}])
    def test_nothing_chosen(self, bob: Colleague, asked: Comment, sent: dict[str, list[str]]) -> None:
        answer = bob.post(f"/comments/{asked.id}/joining", data=sent)
        assert "Choose what says the same." in get(bob, answer.location).words

    def test_a_stranger_finds_nothing(
        self, bob: Colleague, charlie: Colleague, vera: Colleague, asked: Comment, phoned: Comment
    ) -> None:
        data = {"with_ids": [str(phoned.id)]}
        assert charlie.post(f"/comments/{asked.id}/joining", data=data).status_code == 404
        assert vera.post(f"/comments/{asked.id}/joining", data=data).status_code == 403
        assert bob.post(f"/comments/{asked.id}/joining", data={"with_ids": ["999999"]}).status_code == 404
        self.joined(bob, asked, phoned)
        (made,) = joinings_of(asked)
        assert charlie.post(f"/joinings/{made.id}/undoing", data={}).status_code == 404
