"""A place in the inbox, as it stands in an address: read back as it was written, and refused when somebody made it up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from core.db import writing
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import labelled, said
from triage.inbox import inbox, segments
from triage.inbox.filters import Filters
from triage.inbox.inbox import Place
from triage.inbox.segments import DATED, SEGMENTS
from triage.models import EMOTIONS

MOMENTS = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
PLACES = st.one_of(
    st.builds(Place, st.sampled_from(DATED), st.integers(1, 2**61), MOMENTS, st.integers(0, len(EMOTIONS))),
    st.builds(Place, st.sampled_from(sorted(set(SEGMENTS) - set(DATED))), st.integers(1, 2**61)),
)
MADE_UP = (
    "owed", "owed~1", "~~~", "owed~1~~0", "owed~x~2026-11-23T09:30:00+00:00~0", "owed~1~2026-11-23~0", "owed~1~2026-11-23T09:30:00~0",
    "owed~1~yesterday~0", "nowhere~1~~0", "held~1~2026-11-23T09:30:00+00:00~0", f"owed~1~2026-11-23T09:30:00+00:00~{2**63}",
    f"owed~1~2026-11-23T09:30:00+00:00~{-(2**64)}", f"held~{2**63}~~0", f"held~-{2**63 + 1}~~0", "held~1~~0~", "held~1.5~~0",
    f"held~{'9' * 5000}~~0", "held~1\x00~~0", "owed~1~0001-01-01T00:00:00+14:00~0", "owed~1~9999-12-31T23:59:59-14:00~0",
)  # fmt: skip


@given(PLACES)
def test_it_is_read_back_as_it_was_written(place: Place) -> None:
    assert Place.read(str(place)) == place


def test_no_place_is_the_top() -> None:
    assert Place.read("") is None


def test_what_is_made_up_is_not_there(
    alice: Colleague, survey: Survey, now: datetime, subtests: pytest.Subtests
) -> None:
    said(survey, now)
    for text in MADE_UP:
        with subtests.test(ascii(text)[:60]):
            assert alice.get("/inbox", query_string={"after": text}).status_code == 404


@given(st.text(max_size=60))
def test_whatever_is_written_is_a_place_or_is_not_there(text: str) -> None:
    try:
        place = Place.read(text)
    except NotFound:
        return
    assert place is None or Place.read(str(place)) == place


@pytest.mark.both_databases
@pytest.mark.parametrize("size", [1, 3, 7])
def test_many_that_are_due_at_the_same_moment_each_come_once(
    people: Cast, survey: Survey, now: datetime, size: int
) -> None:
    """Ties in the date, ties in the emotion: only the id is left to tell them apart."""
    for n in range(10):
        labelled(said(survey, now, f"word {n}", email=f"{n}@example.com"), emotion=EMOTIONS[n % 2])
    seen, after = list[str](), ""
    for _page in range(20):
        page = inbox.page(
            segments.Desk(people.webshop.id, None, now), Filters(), after, now, "Europe/Amsterdam", size
        )
        seen += [row.text for row in page.rows]
        after = page.next
        if not after:
            break
    assert seen == [f"word {n}" for n in (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)]


def test_what_was_settled_meanwhile_is_neither_repeated_nor_makes_others_disappear(
    people: Cast, survey: Survey, now: datetime
) -> None:
    from tests.loop import decided, settled

    comments = [said(survey, now, f"word {n}", email=f"{n}@example.com") for n in range(6)]
    first = inbox.page(
        segments.Desk(people.webshop.id, None, now), Filters(state="open"), "", now, "Europe/Amsterdam", 3
    )
    with writing():
        settled(comments[1].response, decided(people, now), now)
    rest = inbox.page(
        segments.Desk(people.webshop.id, None, now),
        Filters(state="open"),
        first.next,
        now + timedelta(1),
        "Europe/Amsterdam",
        10,
    )
    assert [row.text for row in (*first.rows, *rest.rows)] == [f"word {n}" for n in range(6)]
