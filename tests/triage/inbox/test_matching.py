"""All that match what the inbox is narrowed to, for a step that is about each of them."""

from datetime import datetime, timedelta

import pytest

from core.access import Access, Role
from core.database import counting
from core.db import writing
from core.errors import DomainError
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import labelled, said
from tests.each import each
from tests.loop import decided, settled
from triage.inbox import finding, finding_postgresql, inbox, matching, segments
from triage.inbox.filters import Filters
from triage.inbox.matching import all_that_match, how_many
from triage.inbox.seeking import Found, Sought
from triage.models import Comment

AMSTERDAM = "Europe/Amsterdam"
pytestmark = pytest.mark.both_databases


@pytest.fixture
def three(people: Cast, survey: Survey, now: datetime) -> list[Comment]:
    """An angry one, one that is settled, one of somebody else's words."""
    first = labelled(said(survey, now, "Box one.", email="1@example.com"), emotion="angry")
    second = said(survey, now, "Box two.", email="2@example.com")
    third = said(survey, now, "Bell.", email="3@example.com")
    with writing():
        settled(second.response, decided(people, now), now)
    return [first, second, third]


@pytest.mark.parametrize("few", [0, 2_000])
@each(
    ("wanted", "expected"),
    [
        ({}, [0, 1, 2]),
        ({"q": "box"}, [0, 1]),
        ({"q": "box", "state": "open"}, [0]),
        ({"q": "box", "state": "settled"}, [1]),
        ({"state": "held"}, []),
        ({"emotion": "angry"}, [0]),
        ({"emotion": "angry", "q": "bell"}, []),
        ({"survey": "nowhere"}, []),
    ],
)
def test_state_and_all(
    people: Cast, three: list[Comment], now: datetime, monkeypatch: pytest.MonkeyPatch, few: int,
    wanted: dict[str, str], expected: list[int],
) -> None:  # fmt: skip
    monkeypatch.setattr(finding, "FEW", few)
    monkeypatch.setattr(finding_postgresql, "MANY", few)
    later = now + timedelta(seconds=1)
    ids = all_that_match(access(people), Filters(**wanted), later, AMSTERDAM, 10)
    assert sorted(ids) == [three[n].id for n in expected]
    assert how_many(people.webshop.id, Filters(**wanted), later, AMSTERDAM, None) == len(expected)


def test_what_came_after_it_was_read_is_not_part_of_it(
    people: Cast, three: list[Comment], now: datetime
) -> None:
    ids = all_that_match(access(people), Filters(), now, AMSTERDAM, 10, three[1].id)
    assert sorted(ids) == [three[0].id, three[1].id]


def test_more_than_can_be_taken_at_once_is_refused(people: Cast, three: list[Comment], now: datetime) -> None:
    assert len(all_that_match(access(people), Filters(), now, AMSTERDAM, 3)) == 3
    with pytest.raises(DomainError, match="More than 2 comments match"):
        all_that_match(access(people), Filters(), now, AMSTERDAM, 2)


def test_nobody_elses(people: Cast, three: list[Comment], now: datetime) -> None:
    stranger = Access(people.housing.id, Role.admin, people.charlie.id, "Charlie")
    assert all_that_match(stranger, Filters(q="box"), now, AMSTERDAM, 10) == []


def access(people: Cast) -> Access:
    return Access(people.webshop.id, Role.agent, people.bob.id, "Bob")


@each("state", ["", "open", "held", "settled"])
def test_where_more_were_found_than_are_counted_the_count_says_so(
    people: Cast, three: list[Comment], now: datetime, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """Of many held and settled ones the newest that were done are looked at first; where those do not suffice, all of them."""
    for module, name in ((finding, "FEW"), (matching, "MANY"), (counting, "MANY")):
        monkeypatch.setattr(module, name, 1)
    expected = {"": 2, "open": 1, "held": 0, "settled": 1}[state]
    later = now + timedelta(seconds=1)
    assert how_many(people.webshop.id, Filters(q="box", state=state), later, AMSTERDAM, None) == expected


def test_a_page_and_its_count_search_each_part_once(
    people: Cast, three: list[Comment], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[bool] = []

    def search(_what: Sought, _most: int, is_open: bool) -> Found:
        searched.append(is_open)
        return Found([c.id for c in three if (c.state(now) == "open") == is_open], all=True)

    monkeypatch.setattr(finding, "_find", search)
    page = inbox.page(segments.Desk(people.webshop.id, None, now), Filters(q="b"), "", now, AMSTERDAM, 2)
    assert (len(page.rows), matching.count(page.matches, "", now)) == (2, 3)
    assert sorted(searched) == [False, True]


def test_what_no_page_lists_is_looked_for_no_further_than_it_is_counted(
    people: Cast, three: list[Comment], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[tuple[int, bool]] = []

    def search(_what: Sought, most: int, is_open: bool) -> Found:
        searched.append((most, is_open))
        return Found([three[0].id, three[2].id] if is_open else [three[1].id] * (most + 1), all=is_open)

    monkeypatch.setattr(finding, "_find", search)
    monkeypatch.setattr(matching, "MANY", 4)
    page = inbox.page(segments.Desk(people.webshop.id, None, now), Filters(q="b"), "", now, AMSTERDAM, 1)
    assert matching.count(page.matches, "", now) == 5, "more than four"
    assert searched == [(finding.FEW, True), (2, False)], (
        "two of those that are open: three more make it many"
    )


def test_of_what_is_settled_those_that_can_be_undone_are_not_counted(
    people: Cast, three: list[Comment], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where more were found than are fetched by number."""
    with writing():
        settled(three[2].response, decided(people, now), now, hold=timedelta(minutes=15))
    for few in (finding.FEW, 0):
        monkeypatch.setattr(finding, "FEW", few)
        asked = [Filters(q="b", state=state) for state in ("settled", "held")]
        later = [now + timedelta(minutes=n) for n in (1, 16)]
        found = [[how_many(people.webshop.id, f, at, AMSTERDAM, None) for f in asked] for at in later]
        assert found == [[1, 1], [2, 0]]


def test_what_is_settled_is_not_searched_for_while_a_page_of_what_is_open_fills(
    people: Cast, three: list[Comment], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Found([c.id for c in three], all=True)
    monkeypatch.setattr(finding, "_find", lambda *asked: found if asked[2] else pytest.fail("searched"))
    desk = segments.Desk(people.webshop.id, None, now)
    assert len(inbox.page(desk, Filters(q="b"), "", now, AMSTERDAM, 1).rows) == 1


def test_everything_is_not_searched_for(
    people: Cast, three: list[Comment], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_find", lambda *_: pytest.fail("searched"))
    page = inbox.page(segments.Desk(people.webshop.id, None, now), Filters(), "", now, AMSTERDAM)
    assert (len(page.rows), matching.count(page.matches, "open", now)) == (3, 2)
