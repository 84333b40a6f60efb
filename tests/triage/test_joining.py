"""The same complaint, said in several ways, stands on the desk as one, and is several again when that was a mistake."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.desk import labelled, said, theme
from tests.loop import decided, opened_survey, settled
from triage import indexing, joining
from triage.commenting import reopen
from triage.models import Comment
from triage.models_index import CommentIndex
from triage.models_joining import Joining

BOTH = pytest.mark.both_databases
DAY = timedelta(days=1)


@pytest.fixture
def helpdesk(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now, "helpdesk")


@pytest.fixture
def asked(survey: Survey, now: datetime) -> Comment:
    return said(survey, now, "The box was torn and the lamp was broken.")


@pytest.fixture
def mailed(helpdesk: Survey, now: datetime, asked: Comment) -> Comment:
    return said(helpdesk, now + DAY, "I wrote before: torn box, broken lamp.")


@pytest.fixture
def phoned(helpdesk: Survey, now: datetime, mailed: Comment) -> Comment:
    return said(helpdesk, now + 2 * DAY, "Calls about the broken lamp in the torn box.", source="phone")


def joined(one: Comment, other: Comment, now: datetime) -> Joining:
    with writing():
        return joining.join(one, other, 50, now)


def parted(made: Joining, now: datetime) -> None:
    with writing():
        joining.part(made, now)


def listed() -> list[int]:
    """Comments that have a line of their own in the inbox."""
    db.session.expire_all()
    return list(db.session.scalars(select(CommentIndex.comment_id).order_by(CommentIndex.comment_id)))


def line(comment: Comment) -> CommentIndex:
    db.session.expire_all()
    return db.session.get_one(CommentIndex, comment.id)


def lead(comment: Comment) -> int | None:
    db.session.refresh(comment)
    return comment.complaint_id


def verbs(comment: Comment) -> list[str]:
    about = Event.subject_type == "comment", Event.subject_id == comment.id
    return [
        v
        for v in db.session.scalars(select(Event.verb).where(*about).order_by(Event.id))
        if "join" in v or "part" in v
    ]


@BOTH
def test_what_was_said_first_stands_for_both(asked: Comment, mailed: Comment, now: datetime) -> None:
    made = joined(mailed, asked, now + DAY)
    assert listed() == [asked.id]
    assert (made.comment_id, made.into_id, made.likeness, made.by) == (mailed.id, asked.id, 50, "clock")
    assert line(asked).ways == "web web"
    assert verbs(asked) == verbs(mailed) == ["comment.joined"]
    assert indexing.astray() == []


def test_it_is_found_by_the_words_of_both(asked: Comment, mailed: Comment, now: datetime) -> None:
    joined(asked, mailed, now + DAY)
    assert {"lamp", "wrote"} <= set(line(asked).tokens.split())


def test_it_is_owed_by_the_first_of_both_dates(asked: Comment, mailed: Comment, now: datetime) -> None:
    first, later = line(asked).due_at, line(mailed).due_at
    assert first
    assert later
    assert first < later
    joined(asked, mailed, now + DAY)
    assert line(asked).due_at == first


@BOTH
def test_it_needs_a_person_while_one_of_both_does(
    people: Cast, asked: Comment, mailed: Comment, now: datetime
) -> None:
    with writing():
        settled(asked.response, decided(people, now), now)
    joined(asked, mailed, now + DAY)
    assert line(asked).is_open, "nothing was done about the mail"
    with writing():
        settled(mailed.response, decided(people, now), now + DAY)
    assert not line(asked).is_open
    with writing():
        reopen(mailed.response, "reply", now + 2 * DAY)
    assert line(asked).is_open, "and whatever comes back opens it"
    assert indexing.astray() == []


@BOTH
def test_taken_apart_each_stands_by_itself_again(asked: Comment, mailed: Comment, now: datetime) -> None:
    before = [(line(c).tokens, line(c).due_at, line(c).is_open, line(c).ways) for c in (asked, mailed)]
    made = joined(asked, mailed, now + DAY)
    parted(made, now + DAY)
    assert listed() == [asked.id, mailed.id]
    assert [
        (line(c).tokens, line(c).due_at, line(c).is_open, line(c).ways) for c in (asked, mailed)
    ] == before
    assert (lead(asked), lead(mailed)) == (None, None)
    assert (made.undone_by, made.undone_at) == ("clock", now + DAY)
    assert verbs(asked) == verbs(mailed) == ["comment.joined", "comment.parted"]


def test_twice_is_a_conflict_either_way(asked: Comment, mailed: Comment, now: datetime) -> None:
    made = joined(asked, mailed, now)
    with pytest.raises(Conflict, match="stand as one already"):
        joined(mailed, asked, now)
    parted(made, now)
    with pytest.raises(Conflict, match="taken apart already"):
        parted(made, now)
    assert joined(asked, mailed, now).id != made.id, "and they can be joined again"


class TestAChainOfThree:
    """One complaint, however it was put together."""

    @BOTH
    def test_one_stands_for_all(
        self, asked: Comment, mailed: Comment, phoned: Comment, now: datetime
    ) -> None:
        joined(mailed, phoned, now)
        joined(phoned, asked, now)
        assert listed() == [asked.id]
        assert line(asked).ways == "web web phone"
        assert {lead(c) for c in (asked, mailed, phoned)} == {asked.id}

    def test_what_was_joined_before_leaves_with_it(
        self, asked: Comment, mailed: Comment, phoned: Comment, now: datetime
    ) -> None:
        joined(mailed, phoned, now)
        parted(joined(phoned, asked, now), now)
        assert listed() == [asked.id, mailed.id]
        assert (lead(asked), lead(mailed), lead(phoned)) == (None, mailed.id, mailed.id)

    def test_one_of_three_leaves_alone(
        self, asked: Comment, mailed: Comment, phoned: Comment, now: datetime
    ) -> None:
        made = joined(mailed, asked, now)
        joined(phoned, mailed, now)
        parted(made, now)
        assert listed() == [asked.id, mailed.id]
        assert (lead(asked), lead(mailed), lead(phoned)) == (asked.id, None, asked.id)
        assert indexing.astray() == []

    def test_what_the_same_action_is_about_is_all_of_it(
        self, people: Cast, asked: Comment, mailed: Comment, phoned: Comment, now: datetime
    ) -> None:
        joined(asked, mailed, now)
        joined(asked, phoned, now)
        with writing():
            tags = [
                t
                for c in (asked, mailed, phoned)
                for t in settled(c.response, decided(people, now), now, DAY)
            ]
            tags[1].told_at = now
        assert joining.tags_of_one(tags[0]) == [tags[0]], "each has an action of its own here"
        with writing():
            for each in tags:
                each.action = tags[0].action
        assert joining.tags_of_one(tags[0]) == [tags[0], tags[2]], "not what was told"


class TestLabelsInOnePlace:
    """What the one on the desk has not, it has from the other, until they are taken apart."""

    def test_it_takes_what_it_has_not(
        self, people: Cast, asked: Comment, mailed: Comment, now: datetime
    ) -> None:
        box, lamp = theme(people, "box", "The box"), theme(people, "lamp", "The lamp")
        labelled(asked, box)
        labelled(mailed, box, lamp, emotion="angry")
        with writing():
            mailed.assignee = people.bob
        made = joined(asked, mailed, now)
        assert (asked.emotion, asked.themes, asked.assignee) == ("angry", [box, lamp], people.bob)
        parted(made, now)
        db.session.refresh(asked)
        assert (asked.emotion, asked.themes, asked.assignee) == (None, [box], None)
        assert (mailed.emotion, mailed.themes, mailed.assignee) == ("angry", [box, lamp], people.bob)

    def test_its_own_hold(self, people: Cast, asked: Comment, mailed: Comment, now: datetime) -> None:
        labelled(asked, emotion="disappointed")
        labelled(mailed, emotion="angry")
        parted(joined(asked, mailed, now), now)
        assert asked.emotion == "disappointed"

    def test_what_somebody_said_since_stays(self, asked: Comment, mailed: Comment, now: datetime) -> None:
        labelled(mailed, emotion="angry")
        made = joined(asked, mailed, now)
        labelled(asked, emotion="disappointed")
        parted(made, now)
        assert asked.emotion == "disappointed"


class TestRefused:
    """Each with a sentence, and nothing changed."""

    def refused(self, one: Comment, other: Comment, now: datetime, words: str) -> None:
        before = listed()
        with pytest.raises(DomainError, match=words):
            joined(one, other, now)
        db.session.rollback()
        assert listed() == before
        assert db.session.scalars(select(Joining)).all() == []

    def test_two_people(self, survey: Survey, asked: Comment, now: datetime) -> None:
        other = said(survey, now, email="otto@example.com")
        self.refused(asked, other, now, "of two people")

    def test_two_comments_of_one_answer(self, asked: Comment, now: datetime) -> None:
        with writing():
            twin = Comment(organisation_id=asked.organisation_id, response=asked.response, created_at=now)
            db.session.add(twin)
        self.refused(asked, twin, now, "in one answer")

    @pytest.mark.parametrize("change", [{"anonymous": True}, {"customer": None}])
    def test_an_anonymous_answer(
        self, asked: Comment, mailed: Comment, now: datetime, change: dict[str, Any]
    ) -> None:
        with writing():
            one: Any = mailed.response.survey if "anonymous" in change else mailed.response
            for name, value in change.items():
                setattr(one, name, value)
        self.refused(asked, mailed, now, "Nobody knows who said this")

    def test_somebody_who_was_erased(self, asked: Comment, mailed: Comment, now: datetime) -> None:
        with writing():
            mailed.response.erased_at = now
        self.refused(asked, mailed, now, "was erased")

    def test_what_a_machine_may_have_sent(self, asked: Comment, mailed: Comment, now: datetime) -> None:
        with writing():
            mailed.response.suspect_at = now
        self.refused(asked, mailed, now, "A machine may have sent")

    def test_two_threats(self, asked: Comment, mailed: Comment, now: datetime) -> None:
        with writing():
            for each in (asked, mailed):
                each.threat, each.threat_at = "person", now
        self.refused(asked, mailed, now, "Both hold a threat")


def test_a_threat_stands_on_the_desk_for_both(asked: Comment, mailed: Comment, now: datetime) -> None:
    with writing():
        mailed.threat, mailed.threat_at, mailed.escalated_at = "person", now, now
    joined(asked, mailed, now)
    assert listed() == [mailed.id]


def test_people_who_turned_out_to_be_one_may_be_joined(
    people: Cast, survey: Survey, asked: Comment, now: datetime
) -> None:
    other = said(survey, now, email="rita@work.example")
    with writing():
        theirs: Response = other.response
        assert theirs.customer
        assert asked.response.customer
        theirs.customer.merged_into_id = asked.response.customer_id
    joined(other, asked, now)
    assert listed() == [asked.id]
