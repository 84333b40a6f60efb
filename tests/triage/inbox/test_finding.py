"""Comments are found the same way whether few match or many, by every mark there is, and never another organisation's."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from accounts.people import away
from accounts.presence import membership
from core.db import db, writing
from promises.models import Promise
from surveys.builder.building import create_survey, open_survey
from surveys.models import Survey
from tests.cast import Cast, make_staff
from tests.desk import labelled, said, theme
from tests.each import each
from tests.loop import QUESTIONS, decided, opened_survey, settled
from triage.inbox import finding, finding_postgresql, inbox, matching, segments
from triage.inbox.filters import Filters

AMSTERDAM = "Europe/Amsterdam"
pytestmark = pytest.mark.both_databases


@pytest.fixture(params=["fetched", "looked at", "met"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few are fetched by number, by the rarest alone and then by what is looked at; of many each is met in the list. All must say the same."""
    if request.param == "looked at":
        monkeypatch.setattr(finding_postgresql, "LEAST", 0)
        monkeypatch.setattr(finding_postgresql, "TIMES", 1)
    if request.param == "met":
        monkeypatch.setattr(finding, "FEW", 0)
        monkeypatch.setattr(segments, "FEW", 0)
        monkeypatch.setattr(finding_postgresql, "MANY", 0)


@pytest.fixture
def four(people: Cast, survey: Survey, now: datetime) -> Survey:
    """Two surveys, two languages, a theme, a colleague, and a day between."""
    other = opened(people, now)
    boxes = theme(people, "boxes", "Boxes")
    yesterday = now - timedelta(days=1)
    torn = labelled(
        said(survey, yesterday, "The box was torn, 100% torn.", email="a@example.com", score=1),
        boxes,
        emotion="angry",
    )
    said(survey, now, "De doos was kapot.", email="b@example.com", language="nl", score=2)
    said(other, now, "Boxes everywhere", email="c@example.com", score=5)
    with writing():
        torn.assignee_id = people.bob.id
    return other


def opened(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now, "winkel")


def texts(people: Cast, now: datetime, me: int | None = None, /, **wanted: str) -> list[str]:
    desk = segments.Desk(people.webshop.id, me, now)
    return sorted(row.text.split()[0] for row in inbox.page(desk, Filters(**wanted), "", now, AMSTERDAM).rows)


@pytest.mark.usefixtures("either_way")
@each(
    ("wanted", "expected"),
    [
        ({"q": "box"}, ["Boxes", "The"]),
        ({"q": "torn box"}, ["The"]),
        ({"q": "100%"}, ["The"]),
        ({"q": "100% box"}, ["The"]),
        ({"q": "%"}, ["The"]),
        ({"q": "b"}, ["Boxes", "The"]),
        ({"survey": "winkel"}, ["Boxes"]),
        ({"survey": "nowhere"}, []),
        ({"theme": "boxes"}, ["The"]),
        ({"theme": "nowhere"}, []),
        ({"emotion": "angry"}, ["The"]),
        ({"emotion": "#open"}, []),
        ({"score": "5"}, ["Boxes"]),
        ({"language": "nl"}, ["De"]),
        ({"channel": "mail"}, ["Boxes", "De", "The"]),
        ({"channel": "letter"}, []),
        ({"assignee": "nobody"}, ["Boxes", "De"]),
        ({"assignee": "x"}, []),
        ({"round": "999"}, []),
        ({"customer": "999"}, []),
        ({"survey": "bestelling", "q": "doos", "language": "nl", "state": "open"}, ["De"]),
        ({"state": "settled", "q": "doos"}, []),
        ({"since": "no day"}, []),
        ({"until": "9999-12-31"}, []),
    ],
)
def test_by_every_mark(
    people: Cast, four: Survey, now: datetime, wanted: dict[str, str], expected: list[str]
) -> None:
    assert texts(people, now, **wanted) == expected


@pytest.mark.usefixtures("either_way")
def test_by_days_of_which_both_belong_to_it(people: Cast, four: Survey, now: datetime) -> None:
    today, yesterday = f"{now.date()}", f"{(now - timedelta(days=1)).date()}"
    assert texts(people, now, since=today) == ["Boxes", "De"]
    assert texts(people, now, until=yesterday) == ["The"]
    assert texts(people, now, since=yesterday, until=today) == ["Boxes", "De", "The"]
    assert texts(people, now, since=f"{(now + timedelta(days=1)).date()}") == []


@pytest.mark.usefixtures("either_way")
def test_by_whose_it_is(people: Cast, four: Survey, now: datetime) -> None:
    assert texts(people, now, people.bob.id, assignee="me") == ["The"]
    assert texts(people, now, None, assignee=str(people.bob.id)) == ["The"]
    assert texts(people, now, people.alice.id, assignee="me") == []


@pytest.mark.usefixtures("either_way")
def test_what_somebody_else_was_asked_is_not_found(people: Cast, four: Survey, now: datetime) -> None:
    desk = segments.Desk(people.housing.id, None, now)
    for wanted in (
        Filters(q="box"),
        Filters(survey="winkel"),
        Filters(theme="boxes"),
        Filters(score="5"),
        Filters(),
    ):
        assert inbox.page(desk, wanted, "", now, AMSTERDAM).rows == []


@pytest.mark.usefixtures("either_way")
def test_one_s_own_stand_first_and_only_once(people: Cast, survey: Survey, now: datetime) -> None:
    said(survey, now, "first", email="1@example.com")
    mine = said(survey, now, "mine", email="2@example.com")
    with writing():
        mine.assignee_id = people.bob.id
    desk = segments.Desk(people.webshop.id, people.bob.id, now + timedelta(days=30))
    assert [row.text for row in inbox.page(desk, Filters(), "", now, AMSTERDAM).rows] == ["mine", "first"]


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("q", ["", "torn"])
def test_what_is_nobody_s_and_promised_by_another_stands_there_while_a_third_is_away(
    people: Cast, survey: Survey, now: datetime, q: str
) -> None:
    """The one who signs the survey follows up for who is away, and for nobody else."""
    torn = said(survey, now, "torn", email="1@example.com")
    with writing():
        owed = select(Promise).where(Promise.response_id == torn.response_id)
        db.session.scalars(owed).one().who_id = people.bob.id
        third = membership(people.webshop.id, make_staff(people.webshop, "Carol Claes", "agent", now).id)
        assert third
        away(third, now + timedelta(days=3), now)
    desk = segments.Desk(people.webshop.id, survey.signer_id, now + timedelta(days=30))
    assert [row.id for row in inbox.page(desk, Filters(q=q), "", now, AMSTERDAM).rows] == [torn.id]


def test_more_than_counted_is_said_so(
    people: Cast, survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        said(survey, now, "torn", email=f"{n}@example.com")
    asked = people.webshop.id, Filters(q="torn"), now, AMSTERDAM, None
    assert matching.how_many(*asked) == 4
    monkeypatch.setattr(matching, "MANY", 2)
    assert matching.how_many(*asked) == 3


def test_one_settled_comment_among_many_open_is_found(people: Cast, survey: Survey, now: datetime) -> None:
    done = said(survey, now, "done box", email="a@example.com")
    said(survey, now, "open box", email="b@example.com")
    with writing():
        settled(done.response, decided(people, now), now)
    assert texts(people, now + timedelta(seconds=1), state="settled", q="box") == ["done"]


@pytest.mark.parametrize("q", ["box", "the box", "torn box"])
def test_the_words_of_another_organisation_are_never_found(
    people: Cast, four: Survey, now: datetime, q: str
) -> None:
    """Also where it wrote most of what matches; alone in a database, an organisation is not asked for by name."""
    alone = texts(people, now, q=q)
    with writing():
        house, name = people.housing.id, {"en": "Your home"}
        theirs = create_survey(house, "elders", name, "en", people.charlie.id, QUESTIONS, now)
        open_survey(theirs, now)
    for n in range(3):
        said(theirs, now, "The box was torn", email=f"{n}@example.net")
    assert texts(people, now, q=q) == alone
