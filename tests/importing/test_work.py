"""A file that is kept: the clock looks at every row, a manager decides where many would be written to, and it is put in as one."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from followup.imports import importing
from followup.imports.jobs import do_imports
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Promise
from surveys.builder.building import close_survey
from surveys.imports.files import KEPT
from surveys.imports.models import Import, ImportFile
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.importing.files import HEADER, responses, rows


def kept(
    survey: Survey, content: str, now: datetime, name: str = "answers.csv", by_id: int | None = None
) -> Import:
    found = importing.read(db.session.merge(survey), content.encode(), now)
    with writing():
        return importing.begin(db.session.merge(survey), found, name, content.encode(), by_id, now)


def settled(survey: Survey, content: str, now: datetime, way: str = "history") -> Import:
    """Its columns are chosen, and every row was looked at."""
    held = kept(survey, content, now)
    with writing():
        importing.choose(fresh(held), way, fresh(held).chosen, now)
    do_imports(now)
    return fresh(held)


def wanted(held: Import, now: datetime) -> Import:
    with writing():
        importing.want(fresh(held), None, now)
    do_imports(now)
    return fresh(held)


def fresh(held: Import) -> Import:
    return db.session.get_one(Import, held.id, populate_existing=True)


def file_of(held: Import) -> ImportFile:
    return db.session.get_one(ImportFile, held.id, populate_existing=True)


def test_a_file_is_kept_with_what_its_columns_seem_to_say(survey: Survey, now: datetime) -> None:
    held = kept(survey, rows(2), now)
    assert held.state == "columns"
    assert held.chosen == ["id", "submitted_at", "name", "email", "question:csat", "question:comment"]
    assert do_imports(now) == 0, "nothing happens before somebody has looked at the columns"


def test_the_clock_looks_at_every_row(survey: Survey, now: datetime) -> None:
    held = settled(survey, f"{HEADER}\nA-1,2026-11-02,,,2,Good\nA-2,2026-11-02,,,9,Bad\n", now, "follow_up")
    assert (held.state, held.total, held.bad, held.known, held.messages) == ("checked", 2, 1, 0, 0)
    assert responses() == []


def test_rows_that_were_refused_are_a_file_with_the_line_and_why(survey: Survey, now: datetime) -> None:
    held = settled(survey, f'{HEADER}\nA-1,2026-11-02,,,9,"=1+1"\nA-2,2026-11-02,,,1,Good\n', now)
    found = list(csv.DictReader(io.StringIO(file_of(held).refused.decode("utf-8-sig"))))
    assert [row["Line"] for row in found] == ["2"]
    assert found[0]["Why"] == "“csat” is een geheel getal van 1 tot en met 5.", "in the language of the house"
    assert found[0]["comment"] == "'=1+1", "no formula"


@pytest.mark.both_databases
def test_what_is_wanted_is_put_in_by_the_clock_as_one(survey: Survey, now: datetime, webshop: Scope) -> None:
    held = wanted(settled(survey, rows(5), now, "follow_up"), now)
    assert (held.state, held.put_in, len(responses())) == ("in", 5, 5)
    assert ledger(webshop).promised == 5
    assert do_imports(now) == 0


def test_two_clocks_put_in_what_one_would(survey: Survey, now: datetime) -> None:
    held = settled(survey, rows(3), now)
    wanted(held, now)
    with writing():
        fresh(held).finished_at = None
    do_imports(now)
    assert len(responses()) == 3, "as if the other one had not known yet"


def test_an_old_answer_is_history_and_a_recent_one_is_followed_up(survey: Survey, now: datetime) -> None:
    """Older than the reply time of five working days, seen from Monday 23 November: before Monday 16."""
    content = f"{HEADER}\nA-1,2026-11-15 23:59,,,2,Old\nA-2,2026-11-16 00:00,,,2,Recent\nA-3,,,,2,Undated\n"
    wanted(settled(survey, content, now, "by_age"), now)
    assert [r.history for r in responses()] == [True, False, False]
    assert db.session.scalar(select(func.count(Promise.id))) == 2


def test_in_hours_it_is_old_after_so_many(survey: Survey, now: datetime) -> None:
    with writing():
        held = db.session.merge(survey)
        held.reply_hours, held.reply_working_days = 48, None
    is_history = importing.older_than_reply_time(held, "by_age", now)
    assert [is_history(now - timedelta(hours=h)) for h in (49, 48, 1)] == [True, False, False]
    assert not is_history(None)


def test_what_would_write_to_many_is_nowhere_before_a_manager_said_yes(
    survey: Survey, now: datetime, people: Cast
) -> None:
    held = wanted(settled(survey, rows(201), now, "follow_up"), now)
    assert (held.state, responses()) == ("waiting", [])
    assert db.session.scalars(select(Message.recipient)).all() == ["alice@webshop.example"]
    with writing():
        importing.approve(fresh(held), now)
    later = now + timedelta(days=9)
    do_imports(later)
    assert (fresh(held).state, len(responses())) == ("in", 201)
    assert {p.opened_at for p in db.session.scalars(select(Promise))} == {later}, (
        "promised from that moment on"
    )


def test_history_of_any_size_waits_for_nobody(survey: Survey, now: datetime) -> None:
    assert wanted(settled(survey, rows(300), now), now).state == "in"


def test_called_back_it_leaves_nothing(survey: Survey, now: datetime) -> None:
    held = settled(survey, rows(3), now)
    with writing():
        importing.cancel(fresh(held), now)
    assert (do_imports(now), responses(), fresh(held).state) == (0, [], "cancelled")
    assert file_of(held).content == b""


def test_what_is_in_cannot_be_called_back(survey: Survey, now: datetime) -> None:
    held = wanted(settled(survey, rows(1), now), now)
    with pytest.raises(Conflict), writing():
        importing.cancel(fresh(held), now)


@pytest.mark.parametrize("verb", [importing.approve, lambda held, now: importing.want(held, None, now)])
def test_nothing_is_decided_before_its_time(survey: Survey, now: datetime, verb: object) -> None:
    held = kept(survey, rows(1), now)
    with pytest.raises(Conflict), writing():
        verb(fresh(held), now)  # type: ignore[operator]


def test_columns_can_be_chosen_anew_until_it_is_wanted(survey: Survey, now: datetime) -> None:
    held = settled(survey, "csat,Remark\n4,Fine\n", now, "follow_up")
    with writing():
        importing.choose(fresh(held), "follow_up", ["question:csat", "question:comment"], now)
    assert fresh(held).state == "checking"
    do_imports(now)
    held = wanted(held, now)
    assert responses()[0].answers[1].text == "Fine"
    with pytest.raises(Conflict), writing():
        importing.choose(fresh(held), "history", ["question:csat", ""], now)


def test_columns_that_say_nothing_are_refused(survey: Survey, now: datetime) -> None:
    held = kept(survey, rows(1), now)
    with pytest.raises(DomainError), writing():
        importing.choose(fresh(held), "history", ["email", "", "", "", "", ""], now)


def test_a_survey_that_was_closed_meanwhile_takes_none_and_says_so(survey: Survey, now: datetime) -> None:
    held = settled(survey, rows(1), now)
    with writing():
        importing.want(fresh(held), None, now)
        close_survey(db.session.merge(survey), now)
    do_imports(now)
    assert fresh(held).state == "failed"
    assert fresh(held).failed == "Deze enquête is gesloten sinds 23 november 2026."


def test_whoever_asked_reads_in_their_own_language_why_a_row_is_refused(
    survey: Survey, people: Cast, now: datetime
) -> None:
    held = kept(survey, f"{HEADER}\nA-1,2026-11-02,,,9,Bad\n", now, by_id=people.bob.id)
    with writing():
        importing.choose(fresh(held), "history", fresh(held).chosen, now)
    do_imports(now)
    assert "“csat” is a whole number from 1 to 5." in file_of(held).refused.decode()


def test_a_file_whose_own_columns_are_called_line_and_why_is_still_named_by_its_line(
    survey: Survey, now: datetime
) -> None:
    held = settled(survey, "Line,Why,csat,Datum\n77,because,9,2026-11-02\n", now)
    rows_of_it = list(csv.reader(io.StringIO(file_of(held).refused.decode("utf-8-sig"))))
    assert rows_of_it[0] == ["Line", "Why", "Line", "Why", "csat", "Datum"]
    assert rows_of_it[1][0] == "2"
    assert rows_of_it[1][2:] == ["77", "because", "9", "2026-11-02"]


def test_a_file_is_forgotten_a_week_after_it_was_put_in(survey: Survey, now: datetime) -> None:
    held = wanted(settled(survey, rows(1), now), now)
    do_imports(now + KEPT)
    assert file_of(held).content
    do_imports(now + KEPT + timedelta(seconds=1))
    assert file_of(held).content == b""


def test_a_file_that_nobody_came_back_to_is_forgotten_too(survey: Survey, now: datetime) -> None:
    held = kept(survey, rows(1), now)
    do_imports(now + 5 * KEPT)
    assert file_of(held).content == b""


def test_a_file_that_is_too_large_is_not_kept(
    survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "LARGEST", 10)
    with pytest.raises(DomainError):
        kept(survey, rows(1), now)


def test_what_happened_is_written_down_with_who_asked(survey: Survey, now: datetime) -> None:
    wanted(settled(survey, rows(2), now), now)
    about = select(Event.verb).where(Event.subject_type == "survey_import").order_by(Event.id)
    assert db.session.scalars(about).all() == ["import.begun", "import.wanted", "import.finished"]


def test_a_far_row_is_counted_in_its_own_month(survey: Survey, now: datetime) -> None:
    wanted(settled(survey, f"{HEADER}\nA-1,2025-03-31T23:30:00Z,,,2,\n", now), now)
    response = db.session.scalars(select(Response)).one()
    assert f"{response.round.starts_on:%Y-%m}" == "2025-04", "it was April already in Amsterdam"
