"""The inbox: what is owed first on top, narrowed by what stands in the address."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from core.db import db, writing
from surveys.builder.building import ReplyTime
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import labelled, said, scored, theme
from tests.each import each
from tests.loop import decided, opened_survey, settled
from tests.pages import Page, get
from triage.commenting import reopen
from triage.inbox import finding, inbox, segments
from triage.inbox.filters import Filters
from triage.models import Comment

AMSTERDAM = "Europe/Amsterdam"
HOLD = timedelta(minutes=15)
SECOND = timedelta(seconds=1)


def seen(people: Cast, now: datetime, size: int = 50, **wanted: str) -> list[str]:
    """The words of all comments, in the order of the inbox, read page after page."""
    after, words = "", list[str]()
    while True:
        page = inbox.page(
            segments.Desk(people.webshop.id, None, now), Filters(**wanted), after, now, AMSTERDAM, size
        )
        words += [row.text for row in page.rows]
        if not page.next:
            return words
        after = page.next


@pytest.fixture
def five(people: Cast, survey: Survey, now: datetime) -> dict[str, Comment]:
    """One of each sort: owed soonest, owed later, nothing owed, held, settled; made in another order."""
    settle = said(survey, now, "settled", email="s@example.com")
    hold = said(survey, now, "held", email="h@example.com")
    silent = said(survey, now, "not to be told", email="d@example.com", wants="none")
    later = said(survey, now, "owed later", email="l@example.com")
    soon = said(survey, now - timedelta(days=3), "owed soon", email="o@example.com")
    with writing():
        action = decided(people, now)
        settled(settle.response, action, now)
        settled(hold.response, action, now, HOLD)
    return {"settled": settle, "held": hold, "silent": silent, "later": later, "soon": soon}


@pytest.mark.both_databases
def test_what_is_owed_first_stands_on_top(people: Cast, five: dict[str, Comment], now: datetime) -> None:
    assert seen(people, now + SECOND) == ["owed soon", "owed later", "not to be told", "held", "settled"]


@pytest.mark.both_databases
@each("size", [1, 2, 3])
def test_pages_of_any_size_show_everything_once(
    people: Cast, five: dict[str, Comment], now: datetime, size: int
) -> None:
    assert seen(people, now + SECOND, size) == [
        "owed soon",
        "owed later",
        "not to be told",
        "held",
        "settled",
    ]


def test_of_what_is_due_on_one_day_the_impatient_come_first(
    people: Cast, survey: Survey, now: datetime
) -> None:
    for number, emotion in enumerate(("grateful", None, "worried", "impatient")):
        labelled(said(survey, now, emotion or "not said", email=f"{number}@example.com"), emotion=emotion)
    assert seen(people, now) == ["impatient", "worried", "not said", "grateful"]
    assert seen(people, now, 1) == ["impatient", "worried", "not said", "grateful"], "also page by page"


def test_what_came_back_needs_a_person_again(people: Cast, five: dict[str, Comment], now: datetime) -> None:
    with writing():
        reopen(five["settled"].response, "not_solved", now + SECOND)
    assert "settled" in seen(people, now + 2 * SECOND, state="open")


@pytest.mark.both_databases
@each(
    ("wanted", "expected"),
    [
        ({"state": "open"}, ["owed soon", "owed later", "not to be told"]),
        ({"state": "held"}, ["held"]),
        ({"state": "settled"}, ["settled"]),
        ({"state": "nonsense"}, []),
        ({"survey": "bestelling", "state": "held"}, ["held"]),
        ({"survey": "another"}, []),
        ({"score": "2", "state": "held"}, ["held"]),
        ({"score": "3"}, []),
        ({"score": "99999999999999999999"}, []),
        ({"score": "two"}, []),
        ({"emotion": "angry"}, []),
        ({"q": "OWED"}, ["owed soon", "owed later"]),
        ({"q": "%"}, []),
        ({"q": "' OR 1=1--"}, []),
    ],
)
def test_filters(
    people: Cast, five: dict[str, Comment], now: datetime, wanted: dict[str, str], expected: list[str]
) -> None:
    assert seen(people, now + SECOND, 50, **wanted) == expected


def test_filters_by_theme_and_by_emotion(people: Cast, survey: Survey, now: datetime) -> None:
    boxes = theme(people, "boxes", "Boxes")
    labelled(said(survey, now, "torn", email="a@example.com"), boxes, emotion="angry")
    labelled(said(survey, now, "late", email="b@example.com"), emotion="worried")
    assert seen(people, now, theme="boxes") == ["torn"]
    assert seen(people, now, emotion="worried") == ["late"]
    assert seen(people, now, theme="boxes", emotion="worried") == []


def test_words_are_found_however_they_are_written(people: Cast, survey: Survey, now: datetime) -> None:
    said(survey, now, "Één doos was 100% kapot, één niet.")
    for words in ("één", "ÉÉN", "Één", "100%", "doos was"):
        assert len(seen(people, now, q=words)) == 1, words
    assert seen(people, now, q="1000") == [], "a percent sign is a percent sign"


def test_the_page_shows_who_what_and_when(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    labelled(said(survey, now), theme(people, "boxes", "Boxes"), emotion="frustrated")
    page = get(bob, "/inbox")
    for words in (
        "Rita Ritsema",
        "score 2",
        "The box was torn.",
        "frustrated",
        "Boxes",
        "needs a person",
        "in 7 days",
    ):
        assert words in page.words, words


def test_late_and_due_today_are_counted_on_top(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        hours = opened_survey(people, now, "uren", reply=ReplyTime(None, 2))
    said(hours, now - timedelta(hours=3), "late", email="late@example.com")
    said(hours, now, "today", email="today@example.com")
    page = get(bob, "/inbox")
    assert "Late 1 no word by the date" in page.words
    assert "Due today 1 a word goes out today" in page.words
    assert "late since today" in page.words, "an hour that has passed is late on the same day"


def test_words_are_text_and_nothing_else(bob: Colleague, survey: Survey, now: datetime) -> None:
    said(survey, now, "<script>alert(1)</script> {{7*7}} </textarea> %s\u202e")
    page = get(bob, "/inbox")
    assert "<script>alert(1)</script> {{7*7}} </textarea> %s" in page.words
    assert "alert(1)</script>" not in page.html


def test_a_bare_score_is_no_work_until_it_comes_back(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    response = scored(survey, now)
    assert seen(people, now) == []
    with writing():
        reopen(response, "not_solved", now)
    assert "No words" in get(bob, "/inbox").words


def test_nothing_here_yet_and_no_match_are_different_pages(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    assert "No comments yet" in get(bob, "/inbox").words
    assert "No comments yet" in get(bob, "/inbox?q=box").words
    said(survey, now)
    nothing = get(bob, "/inbox?q=zebra")
    assert "No comment matches" in nothing.words
    assert nothing.links()["Show everything"] == "/inbox"


def test_a_link_keeps_the_filters(bob: Colleague, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    page = get(bob, "/inbox?state=open&q=box")
    assert f"/comments/{comment.id}?state=open&q=box" in page.links().values()
    assert page.links()["settled"] == "/inbox?state=settled&q=box"


@pytest.mark.parametrize(
    "place",
    ["x", "owed~1~~0", "held~1~2026-01-01T00:00:00+00:00~0", "open~1~~0", "held~9999999999999999999999~~0"],
)
def test_a_place_that_is_none_is_not_there(bob: Colleague, survey: Survey, place: str) -> None:
    assert bob.get("/inbox", query_string={"after": place}).status_code == 404


def test_another_organisation_sees_none_of_it(charlie: Colleague, survey: Survey, now: datetime) -> None:
    said(survey, now)
    assert "The box was torn." not in get(charlie, "/inbox").words


def test_a_viewer_sees_but_ticks_nothing(vera: Colleague, survey: Survey, now: datetime) -> None:
    said(survey, now)
    page = get(vera, "/inbox")
    assert "The box was torn." in page.words
    assert "comment_ids" not in page.html


def test_a_page_costs_as_much_with_many_comments(
    app: object, people: Cast, survey: Survey, now: datetime
) -> None:
    for number in range(3):
        said(survey, now, email=f"{number}@example.com")
    few = _queries(people, now)
    for number in range(3, 12):
        said(survey, now, email=f"{number}@example.com")
    assert _queries(people, now) == few


def _queries(people: Cast, now: datetime) -> int:
    counted: list[str] = []
    organisation_id = people.webshop.id

    def count(_c: object, _u: object, statement: str, *_more: object) -> None:
        counted.append(statement)

    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", count)
    inbox.page(segments.Desk(organisation_id, None, now), Filters(), "", now, AMSTERDAM)
    event.remove(db.engine, "before_cursor_execute", count)
    return len(counted)


def test_the_page_is_sound(bob: Colleague, five: dict[str, Comment]) -> None:
    assert isinstance(get(bob, "/inbox?q=owed"), Page)
    assert get(bob, "/").headers is not None


def test_an_option_is_written_as_text_and_the_chosen_one_is_chosen(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    labelled(said(survey, now, "torn"), theme(people, "quote", '<b>"'))
    page = get(bob, "/inbox?theme=quote")
    assert '<option value="quote" selected>&lt;b&gt;&#34;</option>' in page.html
    assert '<select id="theme" name="theme">' in page.html


def test_where_signs_were_not_looked_for_in_all_the_page_says_so(
    bob: Colleague, survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, words in enumerate(["50% more", "as it was", "the box"]):
        said(survey, now, words, email=f"{n}@example.com")
    assert "Signs were looked for" not in get(bob, "/inbox?q=%25").words
    monkeypatch.setattr(finding, "READ", 1)
    assert "Signs were looked for in the newest" in get(bob, "/inbox?q=%25").words
    assert "Signs were looked for" not in get(bob, "/inbox?q=%25&state=settled").words
    assert "Signs were looked for" not in get(bob, "/inbox?q=50%25").words
    assert "Signs were looked for" not in get(bob, "/inbox?q=box").words
