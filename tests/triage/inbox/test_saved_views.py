"""Views of the inbox under a name: one's own and shared ones, with how many comments each holds now."""

from datetime import datetime

import pytest
from sqlalchemy import select

from core.access import Access, Role
from core.db import db
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import labelled, said
from tests.pages import get
from triage.inbox import saving
from triage.inbox.filters import Filters
from triage.inbox.matching import how_many
from triage.inbox.models import SavedView


@pytest.fixture
def angry(survey: Survey, now: datetime) -> None:
    labelled(said(survey, now, "The box was torn.", email="a@example.com"), emotion="angry")
    said(survey, now, "The box was fine.", email="b@example.com")


@pytest.mark.usefixtures("angry")
def test_what_is_shown_is_saved_under_a_name_with_its_count(bob: Colleague) -> None:
    answer = bob.post("/inbox/views?emotion=angry&q=box", data={"name": "Angry boxes"})
    assert (answer.status_code, answer.location) == (303, "/inbox?q=box&emotion=angry")
    page = get(bob, "/inbox")
    assert "Angry boxes 1" in page.words
    assert page.links()["Angry boxes 1"] == "/inbox?q=box&emotion=angry"


@pytest.mark.usefixtures("angry")
def test_a_shared_view_is_seen_by_colleagues_and_a_private_one_is_not(
    bob: Colleague, alice: Colleague, charlie: Colleague
) -> None:
    bob.post("/inbox/views?q=box", data={"name": "For all", "shared": "y"})
    bob.post("/inbox/views?q=fine", data={"name": "For me"})
    assert "For all 2" in get(alice, "/inbox").words
    assert "For me" not in get(alice, "/inbox").words
    assert "For all" not in get(charlie, "/inbox").words


@pytest.mark.usefixtures("angry")
def test_the_same_name_again_takes_the_place_of_the_view(bob: Colleague) -> None:
    bob.post("/inbox/views?q=box", data={"name": "Boxes"})
    bob.post("/inbox/views?q=fine", data={"name": "BOXES"})
    page = get(bob, "/inbox")
    assert "BOXES 1" in page.words
    assert "Boxes 2" not in page.words


@pytest.mark.usefixtures("angry")
def test_a_view_is_taken_away_by_whom_it_belongs_to_or_a_manager(
    bob: Colleague, alice: Colleague, charlie: Colleague
) -> None:
    bob.post("/inbox/views?q=box", data={"name": "For all", "shared": "y"})
    bob.post("/inbox/views?q=fine", data={"name": "For me"})
    assert "This is your view “For all”." in get(bob, "/inbox?q=box").words
    codes = [who.post("/inbox/views/1/removal").status_code for who in (charlie, alice, bob)]
    assert codes == [404, 303, 404]
    assert [who.post("/inbox/views/2/removal").status_code for who in (alice, bob)] == [404, 303]
    assert db.session.scalars(select(SavedView)).all() == []


@pytest.mark.usefixtures("angry")
def test_a_colleagues_view_stays_and_says_whose_it_is(bob: Colleague, vera: Colleague) -> None:
    bob.post("/inbox/views?q=box", data={"name": "For all", "shared": "y"})
    vera.post("/inbox/views/1/removal")
    page = get(vera, "/inbox")
    assert "they or a manager can take it away" in page.words
    assert "For all 2" in page.words


@pytest.mark.usefixtures("angry")
@pytest.mark.parametrize(
    ("address", "name", "sentence"),
    [
        ("/inbox/views?q=box", "  ", "Give it a name."),
        ("/inbox/views", "All", "Narrow the list down first"),
    ],
)
def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(
    bob: Colleague, address: str, name: str, sentence: str
) -> None:
    answer = bob.post(address, data={"name": name})
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.usefixtures("angry")
def test_there_is_room_for_so_many(bob: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST", 1)
    bob.post("/inbox/views?q=box", data={"name": "One"})
    assert "You have 1 views already" in bob.post("/inbox/views?q=fine", data={"name": "Two"}).text


@pytest.mark.both_databases
@pytest.mark.usefixtures("angry")
@pytest.mark.parametrize(("state", "count"), [("", 2), ("open", 2), ("held", 0), ("settled", 0)])
def test_a_count_is_of_what_the_list_shows(people: Cast, now: datetime, state: str, count: int) -> None:
    access = Access(people.webshop.id, Role.agent, people.bob.id, "Bob")
    wanted = Filters(q="box", state=state)
    assert how_many(access.organisation_id, wanted, now, "Europe/Amsterdam", access.staff_id) == count
