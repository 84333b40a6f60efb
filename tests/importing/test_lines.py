"""Every row of a file: what it is, whether it is there already, and how much of it is held."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from core.db import db, writing
from core.spreadsheets.csv_files import csv_file
from surveys.imports import importing
from surveys.imports.importing import Line, Tally, lines, plan, put_in, spooled
from surveys.models import Survey
from tests.cast import Cast
from tests.importing.files import HEADER, responses, rows
from tests.loop import answered, opened_survey


def looked_at(survey: Survey, content: str | bytes, now: datetime, *, history: bool = False) -> list[Line]:
    data = content if isinstance(content, bytes) else content.encode()
    found = plan(db.session.merge(survey), lambda: io.BytesIO(data))
    return [line for some in lines(found, lambda _at: history, now) for line in some]


def tallied(found: list[Line]) -> Tally:
    tally = Tally()
    for line in found:
        tally.add(line)
    return tally


def own_rows(survey: Survey, *pairs: tuple[int, datetime]) -> str:
    """A file as we write it, with these numbers and moments."""
    return "\n".join(
        ["Response ID,Submitted at,csat", *(f"{id},{at:%Y-%m-%dT%H:%M:%SZ},2" for id, at in pairs)]
    )


def test_of_each_row_it_is_said_what_it_is(survey: Survey, now: datetime) -> None:
    content = f"{HEADER}\nA-1,2026-11-02,Rita,rita@example.com,2,One\nA-2,,,,9,\nA-3,,,,3,\nA-4,,,,,\n"
    found = looked_at(survey, content, now)
    assert [(line.row.line, line.fresh, bool(line.error)) for line in found] == [
        (2, True, False),
        (3, False, True),
        (4, True, False),
        (5, False, True),
    ]
    tally = tallied(found)
    assert (tally.total, tally.good, tally.bad, tally.known, tally.messages, tally.history) == (
        4,
        2,
        2,
        0,
        1,
        0,
    )


def test_history_writes_to_nobody(survey: Survey, now: datetime) -> None:
    tally = tallied(looked_at(survey, rows(3), now, history=True))
    assert (tally.history, tally.messages) == (3, 0)


def test_our_own_number_counts_only_with_its_own_moment(survey: Survey, now: datetime) -> None:
    """A foreign number may be one of ours by chance."""
    with writing():
        id = answered(db.session.merge(survey), now).id
    content = own_rows(survey, (id, now), (id + 1, now), (id, now - timedelta(days=1)))
    assert [line.known for line in looked_at(survey, content, now)] == [True, False, False]


def test_an_answer_to_another_survey_is_not_known(survey: Survey, people: Cast, now: datetime) -> None:
    with writing():
        other = opened_survey(people, now, "elders")
        id = answered(other, now).id
    assert not looked_at(survey, own_rows(survey, (id, now)), now)[0].known


def test_a_known_row_that_says_nothing_any_more_is_no_mistake(survey: Survey, now: datetime) -> None:
    """In a file of ours, somebody who was erased has a number and a moment, and no words."""
    with writing():
        id = answered(db.session.merge(survey), now).id
    content = f"Response ID,Submitted at,csat,comment\n{id},{now:%Y-%m-%dT%H:%M:%SZ},,\n"
    (line,) = looked_at(survey, content, now)
    assert (line.known, line.error) == (True, "")
    assert tallied([line]).bad == 0


@pytest.mark.parametrize("id", ["0", "-1", "01", "9" * 30, "1e3", "é"])
def test_a_number_of_theirs_is_any_text(survey: Survey, now: datetime, id: str) -> None:
    (line,) = looked_at(survey, f"Response ID,Submitted at,csat\n{id},2026-11-02,4\n", now)
    assert line.fresh


def test_rows_without_a_number_are_told_apart_by_anything_they_say(survey: Survey, now: datetime) -> None:
    content = "csat,Email,Datum,comment\n4,a@example.org,2026-11-02,x\n4,b@example.org,2026-11-02,x\n4,a@example.org,2026-11-03,x\n5,a@example.org,2026-11-02,x\n4,a@example.org,2026-11-02,y\n4,A@EXAMPLE.ORG,2026-11-02,x\n"
    nonces = [line.submission.nonce for line in looked_at(survey, content, now) if line.submission]
    assert len(set(nonces)) == 6
    assert nonces[0].removesuffix(" 1") == nonces[5].removesuffix(" 2"), "one and the same row, twice"


def test_a_moment_to_come_and_one_long_gone_are_refused(survey: Survey, now: datetime) -> None:
    content = f"csat,Datum\n4,{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}\n4,1999-12-31\n4,{now:%Y-%m-%dT%H:%M:%SZ}\n"
    assert [bool(line.error) for line in looked_at(survey, content, now)] == [True, True, False]


def test_a_language_that_is_not_spoken_here_is_refused(survey: Survey, now: datetime) -> None:
    found = looked_at(survey, "csat,Taal\n4,NL\n4,en\n4,tlh\n4,\n", now)
    assert [line.submission.language if line.submission else "" for line in found] == ["nl", "en", "", "nl"]
    assert "There is no language “tlh” here" in found[2].error


def test_some_rows_are_held_at_a_time(survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "SLICE", 2)
    found = plan(db.session.merge(survey), lambda: io.BytesIO(rows(5).encode()))
    assert [len(some) for some in lines(found, lambda _at: True, now)] == [2, 2, 1]


def test_what_was_read_waits_on_the_disk_and_is_put_in_in_its_order(
    survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SLICE", 2)
    found, heard = plan(db.session.merge(survey), lambda: io.BytesIO(rows(5).encode())), list[int]()
    with spooled() as spool:
        for some in lines(found, lambda _at: True, now):
            spool.add(some)
        with writing():
            assert put_in(found.version, spool, now, heard.append) == 5
    assert heard == [2, 2, 1]
    assert [r.customer.name for r in responses() if r.customer] == [f"Person {n}" for n in range(1, 6)]


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60
).filter(lambda text: text.strip() != "")


def comments(survey: Survey, texts: list[str], now: datetime) -> Iterator[str]:
    """What is read in a file that holds these comments."""
    content = csv_file([("csat", "comment"), *((4, text) for text in texts)])
    for line in looked_at(survey, content, now):
        assert line.submission, line.error
        yield line.submission.answers["comment"][1] or ""


@given(st.lists(TEXTS, min_size=1, max_size=5))
@bounded(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_somebody_wrote_comes_out_of_a_file_as_it_went_in(
    survey: Survey, now: datetime, texts: list[str]
) -> None:
    """But for line ends, which are one kind here, and an apostrophe before a sign that was theirs."""
    expected = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts if not text.startswith("'")]
    kept = [text for text in texts if not text.startswith("'")]
    assert list(comments(survey, kept, now)) == expected
