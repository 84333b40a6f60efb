"""A file is read in the browser: its columns, what would come of it, what is wrong with it, and then it is put in."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from werkzeug.test import TestResponse

from core import clock
from core.db import db, writing
from followup.imports import importing
from followup.imports.jobs import do_imports
from surveys.imports.models import Import
from surveys.models import Survey
from tests.browser import Colleague, signed_in
from tests.cast import Cast, make_staff
from tests.each import each
from tests.hostile import WORDS
from tests.importing.files import HEADER, responses, rows
from tests.pages import Page, get, send


def chosen(
    colleague: Colleague, survey: Survey, content: str | bytes, name: str = "answers.csv"
) -> TestResponse:
    """A file is sent, as a browser writes it."""
    data = content if isinstance(content, bytes) else content.encode()
    (survey_id,) = inspect(survey).identity or (0,)
    address = f"/surveys/{survey_id}/import"
    body = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode()
    return colleague.post(
        address, data=body + data + b"\r\n--b--\r\n", content_type="multipart/form-data; boundary=b"
    )


def opened(colleague: Colleague, survey: Survey, content: str | bytes, **typed: str) -> Page:
    """Its page, once every row was looked at."""
    page = get(colleague, chosen(colleague, survey, content).location)
    answer = send(colleague, page, **typed)
    assert answer.status_code == 303, Page(answer).words
    do_imports(clock.now())
    return get(colleague, answer.location)


def pressed(colleague: Colleague, held: Import, what: str) -> Page:
    answer = colleague.post(f"/imports/{held.id}/{what}")
    assert answer.status_code == 303
    do_imports(clock.now())
    return get(colleague, answer.location)


def last() -> Import:
    db.session.rollback()
    return db.session.scalars(select(Import).order_by(Import.id.desc()).limit(1)).one()


def test_an_agent_reads_a_file_and_puts_it_in(bob: Colleague, survey: Survey) -> None:
    page = opened(bob, survey, rows(3), way="history")
    assert "Put in 3 answers" in page.words
    assert responses() == [], "nothing before the button"
    page = pressed(bob, last(), "wish")
    assert "3 answers were put in." in page.words
    assert [r.history for r in responses()] == [True] * 3
    assert last().asked_by == "Bob Bakker"


def test_each_column_shows_its_first_cells_and_what_it_seems_to_say(bob: Colleague, survey: Survey) -> None:
    page = get(
        bob,
        chosen(
            bob, survey, f"{HEADER},weather\nA-1,2026-11-02,Rita,rita@example.com,2,The box,rain\n"
        ).location,
    )
    assert page.form()["column_3"] == "email"
    assert page.form()["column_5"] == "question:comment"
    assert page.form()["column_6"] == ""
    assert "rita@example.com" in page.words
    assert "rain" in page.words


def test_a_column_can_say_something_else(bob: Colleague, survey: Survey) -> None:
    opened(bob, survey, "csat,weather\n4,rain\n", column_1="question:comment", way="follow_up")
    pressed(bob, last(), "wish")
    assert responses()[0].answers[1].text == "rain"


@pytest.mark.parametrize(
    ("days", "expected"), [(("2024-01-02", "2024-02-02"), "history"), (("2024-01-02", "today"), "by_age"), (("today",), "follow_up")]
)  # fmt: skip
def test_what_is_older_than_the_reply_time_is_offered_as_history(bob: Colleague, survey: Survey, days: tuple[str, ...], expected: str) -> None:  # fmt: skip
    today = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
    lines = "\n".join(f"4,{today if day == 'today' else day}" for day in days)
    page = get(bob, chosen(bob, survey, f"csat,Datum\n{lines}\n").location)
    assert page.form()["way"] == expected


def test_rows_that_were_refused_stand_there_with_why_and_can_be_taken_away(
    bob: Colleague, survey: Survey
) -> None:
    page = opened(bob, survey, f"{HEADER}\nA-1,2026-11-02,,,9,Bad\nA-2,2026-11-02,,,1,Good\n", way="history")
    assert "“csat” is a whole number from 1 to 5." in page.words
    file = bob.get(f"/imports/{last().id}/refused.csv")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.get_data(as_text=True).splitlines()[1].startswith("2,“csat” is a whole number")


def test_a_column_that_says_nothing_is_named_before_anything_is_put_in(
    bob: Colleague, survey: Survey
) -> None:
    page = opened(bob, survey, f"{HEADER},Remarks\nA-1,2026-11-02,,,1,Good,Late\n", way="history")
    assert "Left out, since these columns say nothing yet: Remarks." in page.words
    assert "Left out" not in opened(bob, survey, rows(1), way="history").words


def test_afterwards_the_others_were_put_in(bob: Colleague, survey: Survey) -> None:
    opened(bob, survey, f"{HEADER}\nA-1,2026-11-02,,,9,Bad\nA-2,2026-11-02,,,1,Good\n", way="history")
    assert "The others were put in without them." in pressed(bob, last(), "wish").words


def test_what_was_put_right_can_be_read_again(bob: Colleague, survey: Survey) -> None:
    """The file of what was refused has two columns before its own: they say nothing."""
    opened(bob, survey, f"{HEADER}\nA-1,2026-11-02,,,9,Bad\n", way="history")
    put_right = bob.get(f"/imports/{last().id}/refused.csv").data.replace(b",9,", b",3,")
    opened(bob, survey, put_right, way="history")
    pressed(bob, last(), "wish")
    assert [r.score for r in responses()] == [3]


def test_the_same_file_again_has_nothing_new(bob: Colleague, survey: Survey) -> None:
    opened(bob, survey, rows(2), way="history")
    pressed(bob, last(), "wish")
    assert "There is nothing new in this file." in opened(bob, survey, rows(2), way="history").words


def test_many_messages_wait_for_a_manager_who_says_yes(
    bob: Colleague, alice: Colleague, survey: Survey
) -> None:
    opened(bob, survey, rows(201), way="follow_up")
    page = pressed(bob, last(), "wish")
    assert "a manager looks first" in page.words
    assert "Approve" not in page.words
    assert bob.post(f"/imports/{last().id}/approval").status_code == 403
    assert "answers.csv" in get(alice, "/large-steps").words
    top = get(alice, "/inbox")
    assert "waits for you Answers from elsewhere: answers.csv 201 messages · Bob Bakker" in top.words
    assert "First of all" not in get(bob, "/inbox").words
    page = pressed(alice, last(), "approval")
    assert "Answers from elsewhere: answers.csv" not in get(alice, "/inbox").words
    assert "201 answers were put in." in page.words
    assert last().decided_by == "Alice Adams"


def test_it_can_be_thrown_away_before_it_is_put_in(bob: Colleague, survey: Survey) -> None:
    opened(bob, survey, rows(2), way="history")
    page = pressed(bob, last(), "cancellation")
    assert "Nothing of this file was put in." in page.words
    assert "answers.csv" in get(bob, f"/surveys/{survey.id}/import").words


def test_what_comes_too_late_is_said(bob: Colleague, survey: Survey) -> None:
    opened(bob, survey, rows(1), way="history")
    pressed(bob, last(), "wish")
    assert "too late to call this back" in pressed(bob, last(), "cancellation").words
    assert "not ready to be put in" in pressed(bob, last(), "wish").words
    answer = bob.post(
        f"/imports/{last().id}/columns",
        data={"way": "history", **{f"column_{n}": f for n, f in enumerate(last().chosen)}},
    )
    assert "settled already" in get(bob, answer.location).words


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "This file is empty"), (b"PK\x03\x04", "This is a workbook"), (b"a,b\n1,2\n", "No column holds an answer"), (b"csat\0", "holds no text")],
)  # fmt: skip
def test_what_is_no_such_file_is_refused_with_a_sentence(bob: Colleague, survey: Survey, content: bytes, sentence: str) -> None:  # fmt: skip
    answer = chosen(bob, survey, content)
    assert answer.status_code == 422
    assert sentence in Page(answer).words
    assert db.session.scalars(select(Import)).all() == []


def test_without_a_file_it_asks_for_one(bob: Colleague, survey: Survey) -> None:
    answer = send(bob, get(bob, f"/surveys/{survey.id}/import"))
    assert (answer.status_code, Page(answer).errors()) == (422, {"file": "Choose a file."})


def test_a_file_of_several_megabytes_is_taken_and_one_above_the_bound_is_not(bob: Colleague, survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    large = rows(1) + "A-2,2026-11-02,,,1," + "x" * 4_000 + "\n" + "\n" * 2_000_000
    assert chosen(bob, survey, large).status_code == 303
    monkeypatch.setattr(importing, "LARGEST", 1_000)
    assert chosen(bob, survey, "x" * 400_000).status_code == 413


def test_columns_of_which_none_is_an_answer_are_refused_and_nothing_is_lost(
    bob: Colleague, survey: Survey
) -> None:
    page = get(bob, chosen(bob, survey, "csat,Email\n4,a@example.org\n").location)
    answer = send(bob, page, column_0="", way="follow_up")
    assert answer.status_code == 422
    page = Page(answer)
    assert "No column holds an answer." in page.words
    assert page.form()["column_1"] == "email"
    assert page.form()["way"] == "follow_up"


@each("words", WORDS)
@pytest.mark.security("stored xss")
def test_hostile_words_in_a_file_are_text(bob: Colleague, survey: Survey, words: str) -> None:
    cell = '"' + words.replace('"', '""') + '"'
    answer = chosen(bob, survey, f"csat,comment,{cell}\n9,{cell},{cell}\n", "<b>.csv")
    if answer.status_code != 303:
        assert Page(answer).errors()["file"]
        return
    page = get(bob, answer.location)
    assert "<b>.csv" in page.heading
    send(bob, page, way="follow_up")
    do_imports(clock.now())
    assert get(bob, f"/imports/{last().id}").status == 200


def test_a_stranger_finds_no_file_and_a_reader_changes_none(app: Flask, people: Cast, bob: Colleague, survey: Survey, now: datetime) -> None:  # fmt: skip
    opened(bob, survey, rows(1), way="history")
    with writing():
        vera = make_staff(people.webshop, "Vera Visser", "viewer", now)
    charlie, viewer = signed_in(app, people.charlie), signed_in(app, vera)
    assert charlie.get(f"/imports/{last().id}").status_code == 404
    assert charlie.get(f"/imports/{last().id}/refused.csv").status_code == 404
    assert charlie.post(f"/imports/{last().id}/wish").status_code == 404
    page = get(viewer, f"/imports/{last().id}")
    assert "Put in" not in page.words
    assert viewer.post(f"/imports/{last().id}/wish").status_code == 403
    assert viewer.get(f"/imports/{last().id}/refused.csv").status_code == 403


def test_a_page_that_is_at_work_looks_again_by_itself_also_without_a_script(
    bob: Colleague, survey: Survey
) -> None:
    page = get(bob, chosen(bob, survey, rows(1)).location)
    assert "data-hx-get" not in page.html
    page = get(bob, send(bob, page, way="history").location)
    assert "Every row is looked at." in page.words
    assert 'data-hx-trigger="every 2s"' in page.html
    assert '<meta http-equiv="refresh" content="3">' in page.html
    do_imports(clock.now())
    assert "data-hx-get" not in get(bob, f"/imports/{last().id}").html


def test_the_survey_leads_there_for_whoever_may(app: Flask, people: Cast, bob: Colleague, survey: Survey, now: datetime) -> None:  # fmt: skip
    with writing():
        vera = make_staff(people.webshop, "Vera Visser", "viewer", now)
    survey_id = survey.id
    assert f"/surveys/{survey_id}/import" in bob.get(f"/surveys/{survey_id}").text
    assert f"/surveys/{survey_id}/import" not in signed_in(app, vera).get(f"/surveys/{survey_id}").text
