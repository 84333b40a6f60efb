"""New comments are given to colleagues: in turn, or by the first rule that fits; never to somebody who is not there."""

import threading
from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Staff
from accounts.people import away, leave
from accounts.presence import membership
from core.db import db, writing
from surveys.answering import Submission, submit
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast, make_staff
from tests.core.test_rows import statements_of
from tests.desk import said, theme
from tests.pages import get
from triage.assigning import TURN, Facts, Plan, Rule, choose_plan, plan_of
from triage.inbox import inbox, segments
from triage.inbox.filters import Filters
from triage.labelling import Labels, label
from triage.models import Comment
from triage.themes.theming import merge


@pytest.fixture
def carol(people: Cast, now: datetime) -> Staff:
    with writing():
        return make_staff(people.webshop, "Carol Claes", "agent", now)


@pytest.fixture
def in_turn(people: Cast, survey: Survey, carol: Staff, now: datetime) -> Survey:
    return planned(survey, now, Plan("in_turn", (people.alice.id, people.bob.id, carol.id)))


def planned(survey: Survey, now: datetime, plan: Plan) -> Survey:
    with writing():
        choose_plan(survey, plan, now)
    return survey


def ruled(survey: Survey, now: datetime, *rules: Rule, turns: tuple[int, ...] = ()) -> Survey:
    return planned(survey, now, Plan("rules", turns, rules))


def each(survey: Survey, now: datetime, n: int) -> list[str]:
    """Whose the next comments become."""
    comments = [said(survey, now, f"Number {i}", email=f"{i}@example.com") for i in range(n)]
    return [c.assignee.name.split()[0] if c.assignee else "" for c in comments]


def absent(people: Cast, who: Staff, now: datetime, until: timedelta | None = timedelta(days=3)) -> None:
    with writing():
        member = membership(people.webshop.id, who.id)
        assert member
        away(member, now + until, now) if until else leave(member, now)


def test_unless_somebody_says_so_it_is_nobody_s(survey: Survey, now: datetime) -> None:
    assert plan_of(survey) == Plan()
    assert each(survey, now, 2) == ["", ""]


@pytest.mark.both_databases
def test_everybody_in_turn(in_turn: Survey, now: datetime) -> None:
    assert each(in_turn, now, 7) == ["Alice", "Bob", "Carol", "Alice", "Bob", "Carol", "Alice"]


def test_whoever_is_away_is_skipped_and_gets_no_heap_when_they_are_back(
    people: Cast, in_turn: Survey, now: datetime
) -> None:
    absent(people, people.bob, now)
    assert Counter(each(in_turn, now, 6)) == {"Alice": 3, "Carol": 3}
    assert Counter(each(in_turn, now + timedelta(days=4), 6)) == {"Alice": 2, "Bob": 2, "Carol": 2}


def test_whoever_left_is_skipped_for_good(people: Cast, in_turn: Survey, carol: Staff, now: datetime) -> None:
    absent(people, carol, now, None)
    assert Counter(each(in_turn, now, 4)) == {"Alice": 2, "Bob": 2}


def test_when_nobody_is_there_it_lies_on_nobody_s_desk(
    people: Cast, in_turn: Survey, carol: Staff, now: datetime
) -> None:
    for who in (people.alice, people.bob, carol):
        absent(people, who, now)
    assert each(in_turn, now, 1) == [""]


@pytest.mark.both_databases
def test_two_answers_of_one_moment_go_to_two_people(
    app: Flask, people: Cast, in_turn: Survey, now: datetime
) -> None:
    each(in_turn, now, 3)
    id, ready = in_turn.id, threading.Barrier(4)

    def answer(number: int) -> None:
        with app.app_context():
            ready.wait(10)
            for n in range(3):
                words = {"csat": (2, None), "comment": (None, "The box was torn.")}
                with writing():
                    submit(db.session.get_one(Survey, id), Submission(words, "en", f"{number}.{n}"), now)

    threads = [threading.Thread(target=partial(answer, number)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    assert sorted(Counter(db.session.scalars(select(Comment.assignee_id))).values()) == [5, 5, 5]


def test_an_answer_asks_three_things_more_in_turn_and_nothing_more_without(
    people: Cast, survey: Survey, carol: Staff, now: datetime
) -> None:
    said(survey, now, email="first@example.com")
    usual = len(statements_of(lambda: said(survey, now, email="a@example.com")))
    planned(survey, now, Plan("in_turn", (people.alice.id, people.bob.id)))
    more = statements_of(lambda: said(survey, now, email="b@example.com"))
    assert len(more) - usual <= 3, "who is here, whose turn it is, and the line in the history"


FACTS = Facts(("de", "doos", "was", "gescheurd"), 2, "nl", "mail", "angry", frozenset({7}))


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (Rule(1), True), (Rule(1, words="doos"), True), (Rule(1, words="DOO"), True), (Rule(1, words="karton, doos"), True),
        (Rule(1, words="gescheurd doos"), True), (Rule(1, words="doos karton"), False), (Rule(1, words="oos"), False), (Rule(1, words="%_"), False),
        (Rule(1, most=2), True), (Rule(1, most=1), False), (Rule(1, least=2), True), (Rule(1, least=3), False), (Rule(1, least=0, most=10), True),
        (Rule(1, language="nl"), True), (Rule(1, language="en"), False), (Rule(1, channel="mail"), True), (Rule(1, channel="page"), False),
        (Rule(1, emotion="angry"), True), (Rule(1, emotion="happy"), False), (Rule(1, theme=7), True), (Rule(1, theme=8), False),
        (Rule(1, words="doos", language="en"), False),
    ],
)  # fmt: skip
def test_what_a_rule_asks(rule: Rule, fits: bool) -> None:
    assert rule.matches(FACTS) == fits


def test_without_a_score_a_rule_about_scores_is_silent() -> None:
    assert not Rule(1, most=10).matches(Facts((), None, "nl", "mail"))


def test_the_first_rule_that_fits_decides(people: Cast, survey: Survey, carol: Staff, now: datetime) -> None:
    ruled(
        survey,
        now,
        Rule(carol.id, words="box"),
        Rule(people.bob.id, most=3),
        Rule(TURN),
        turns=(people.alice.id,),
    )
    found = [
        said(survey, now, words, email=f"{score}@example.com", score=score)
        for words, score in (("The box was torn.", 1), ("Nobody called.", 2), ("All is well.", 5))
    ]
    assert [c.assignee and c.assignee.name for c in found] == ["Carol Claes", "Bob Bakker", "Alice Adams"]
    assert [c.assignee for c in [said(ruled(survey, now, Rule(carol.id, words="never")), now)]] == [None]


def test_the_history_says_why(
    people: Cast, bob: Colleague, survey: Survey, carol: Staff, now: datetime
) -> None:
    ruled(survey, now, Rule(carol.id, words="box"), Rule(TURN), turns=(people.bob.id,))
    by_rule, by_turn = said(survey, now), said(survey, now, "Nobody called.", email="b@example.com")
    absent(people, carol, now)
    stood_in = said(survey, now, "A box.", email="c@example.com")
    words = [get(bob, f"/comments/{c.id}").words for c in (by_rule, by_turn, stood_in)]
    assert "Given to Carol Claes by rule 1" in words[0]
    assert "Given to Bob Bakker in turn" in words[1]
    assert "Given to Alice Adams by rule 1, since Carol Claes is away or has left" in words[2], (
        "who signs the survey"
    )


def test_a_threat_is_nobody_s_turn(people: Cast, survey: Survey, now: datetime) -> None:
    planned(survey, now, Plan("in_turn", (people.bob.id,)))
    comment = said(survey, now, "I will kill you all.")
    assert (comment.threat, comment.assignee_id) == ("person", people.alice.id), "a manager's"


def test_what_the_words_suggest_counts_like_the_customer_s_own_word(
    people: Cast, survey: Survey, now: datetime
) -> None:
    ruled(survey, now, Rule(people.bob.id, emotion="angry"))
    assert said(survey, now, "I am furious about this.").assignee_id == people.bob.id


@pytest.mark.both_databases
def test_a_rule_by_theme_speaks_when_the_theme_is_given_and_also_after_a_merger(
    people: Cast, survey: Survey, now: datetime
) -> None:
    boxes, packing = theme(people, "boxes", "Boxes"), theme(people, "packing", "Packing")
    ruled(survey, now, Rule(people.bob.id, theme=boxes.id))
    with writing():
        merge(boxes, packing, now)
    mine, taken = said(survey, now), said(survey, now, email="b@example.com")
    assert mine.assignee is None
    with writing():
        label(mine, Labels(None, [packing], None), now)
        label(taken, Labels(None, [packing], people.alice.id), now)
    assert (mine.assignee_id, taken.assignee_id) == (people.bob.id, people.alice.id), "a person's word holds"


def test_whoever_got_it_finds_it_in_their_day_and_by_filter(
    people: Cast, in_turn: Survey, now: datetime
) -> None:
    each(in_turn, now - timedelta(days=6), 3)
    assert day(people, people.bob, now)[0] == "Number 1"
    rows = inbox.page(
        segments.Desk(people.webshop.id, people.bob.id, now),
        Filters(assignee="me"),
        "",
        now,
        "Europe/Amsterdam",
    ).rows
    assert [r.text for r in rows] == ["Number 1"]


def day(people: Cast, who: Staff, now: datetime) -> list[str]:
    desk = segments.Desk(people.webshop.id, who.id, now + timedelta(days=3))
    return [r.text for r in inbox.page(desk, Filters(), "", now, "Europe/Amsterdam").rows]


@pytest.mark.both_databases
@pytest.mark.parametrize("until", [timedelta(days=3), None], ids=["away", "left"])
def test_what_lay_with_somebody_who_is_gone_is_in_the_day_of_who_stands_in_and_says_so(
    app: Flask,
    people: Cast,
    survey: Survey,
    carol: Staff,
    now: datetime,
    monday: object,
    until: timedelta | None,
) -> None:
    early, late = (
        said(survey, now - timedelta(days=6), "Early"),
        said(survey, now - timedelta(days=5), "Late", email="b@example.com"),
    )
    with writing():
        early.assignee_id, late.assignee_id = people.bob.id, carol.id
    absent(people, carol, now, until)
    assert day(people, people.alice, now) == ["Late", "Early"], "hers to follow, as who signs the survey"
    words = get(signed_in(app, people.alice), f"/comments/{late.id}").words
    assert "Carol Claes is away or has left: Alice Adams follows this up." in words
    assert "follows this up" not in get(signed_in(app, people.alice), f"/comments/{early.id}").words


def test_other_labels_are_saved_without_taking_it_from_who_left(
    people: Cast, bob: Colleague, survey: Survey, carol: Staff, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        comment.assignee_id = carol.id
    absent(people, carol, now, None)
    page = get(bob, f"/comments/{comment.id}")
    assert "Carol Claes, who has left" in page.words
    bob.post(f"/comments/{comment.id}/labels", data={"emotion": "angry", "assignee": str(carol.id)})
    assert (comment.emotion, comment.assignee_id) == ("angry", carol.id)
