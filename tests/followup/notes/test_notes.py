"""Notes between colleagues: kept, never edited, mailed once to whom they mention, and never read outside the house."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.models import Staff
from core import links
from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from followup.composing import compose_due
from followup.notes.noting import named, note, take_away
from followup.receipts import compose_receipts
from outbox.models import Message
from surveys.models import Survey
from tests.browser import Colleague, FreshClient, signed_in
from tests.cast import Cast, make_staff
from tests.desk import form_to, said
from tests.each import each
from tests.hostile import WORDS, as_shown, foreign
from tests.loop import decided, settled
from tests.pages import Page, get
from triage.models import Comment
from triage.models_notes import Mention, Note

CANARY = "kanarie-7f3a: he rang us twice before, be patient"


@pytest.fixture
def comment(survey: Survey, now: datetime) -> Comment:
    return said(survey, now)


def noted(comment: Comment, people: Cast, now: datetime, text: str = CANARY, *to: Staff) -> Note:
    """By Bob."""
    with writing():
        return note(comment, text, people.bob, to, now)


def alerts() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "alert").order_by(Message.id)))


def names(text: str, people: Cast, *more: Staff) -> list[str]:
    return sorted(s.name for s in named(text, [people.alice, people.bob, *more]).staff)


@each(
    ("text", "meant"),
    [
        ("@Alice Adams do you know?", ["Alice Adams"]), ("@alice adams, do you know?", ["Alice Adams"]), ("(@ALICE)", ["Alice Adams"]),
        ("@bob and @alice", ["Alice Adams", "Bob Bakker"]), ("Ask @bob.", ["Bob Bakker"]), ("@bob @bob @Bob Bakker", ["Bob Bakker"]),
        ("rita@alice.example", []), ("@bobby", []), ("@ bob", []), ("alice", []), ("@", []), ("@@alice", ["Alice Adams"]), ("", []),
        ("@alice\n@bob", ["Alice Adams", "Bob Bakker"]), ("@Alice Adamsen", ["Alice Adams"]),
    ],
)  # fmt: skip
def test_who_is_mentioned(people: Cast, text: str, meant: list[str]) -> None:
    assert names(text, people) == meant


def test_of_two_names_the_longer_one_is_meant(people: Cast, now: datetime) -> None:
    with writing():
        anna = make_staff(people.webshop, "Bob", "agent", now, email="b@webshop.example")
        long = make_staff(people.webshop, "Bob Bakkers", "agent", now, email="bb@webshop.example")
    assert names("@Bob Bakkers, look", people, anna, long) == ["Bob Bakkers"]
    assert names("@bob", people, anna, long) == ["Bob", "Bob Bakker"], "who is called the same is meant too"


def test_what_nobody_is_called_is_said(people: Cast) -> None:
    found = named("@bbo and @alice and @zoë!", [people.alice, people.bob])
    assert [s.name for s in found.staff] == ["Alice Adams"]
    assert found.unknown == ("bbo", "zoë!")


@pytest.mark.both_databases
def test_it_is_kept_and_mailed_once_quoting_nothing(people: Cast, comment: Comment, now: datetime) -> None:
    made = noted(comment, people, now, CANARY, people.alice, people.alice, people.bob)
    assert [m.staff_id for m in made.mentions] == [people.alice.id], "the author is not mailed"
    (mail,) = alerts()
    assert mail.recipient == "alice@webshop.example"
    for body in (mail.text, mail.html, mail.subject):
        assert "kanarie" not in body
        assert "The box was torn." not in body, "of the customer nothing but the link"
        assert "Rita" not in body
    assert f"/comments/{comment.id}#notes" in mail.text
    events = db.session.scalars(select(Event).where(Event.verb == "comment.noted")).all()
    assert [(e.subject_id, e.detail) for e in events] == [(comment.id, {})]


@pytest.mark.both_databases
def test_taken_away_its_words_are_gone_and_the_line_stays(
    people: Cast, comment: Comment, now: datetime, bob: Colleague
) -> None:
    made = noted(comment, people, now)
    with writing():
        take_away(made, people.bob.id, now)
    assert made.text == ""
    words = get(bob, f"/comments/{comment.id}").words
    assert "kanarie" not in words
    assert "taken away Bob Bakker" in words or "taken away clock" in words
    with pytest.raises(Conflict), writing():
        take_away(made, people.bob.id, now)
    with pytest.raises(IntegrityError), writing():
        made.text = "back again"


def test_only_its_author_takes_it_away(
    people: Cast, comment: Comment, now: datetime, alice: Colleague, bob: Colleague
) -> None:
    made = noted(comment, people, now)
    assert f"/notes/{made.id}/taking-away" not in alice.get(f"/comments/{comment.id}").text
    page = get(alice, alice.post(f"/notes/{made.id}/taking-away").location)
    assert "Only who wrote a note can take it away." in page.words
    assert made.text == CANARY
    assert "Taken away." in get(bob, bob.post(f"/notes/{made.id}/taking-away").location).words
    assert (
        "This note was taken away already."
        in get(bob, bob.post(f"/notes/{made.id}/taking-away").location).words
    )


def test_nobody_takes_away_what_a_program_wrote(people: Cast, comment: Comment, now: datetime) -> None:
    with writing():
        made = note(comment, "From the helpdesk.", None, [], now)
    with pytest.raises(DomainError), writing():
        take_away(made, None, now)


def test_it_is_written_on_the_page_of_the_comment(
    bob: Colleague, alice: Colleague, people: Cast, comment: Comment
) -> None:
    address = f"/comments/{comment.id}/notes"
    answer = bob.post(f"{address}?state=open", data={"note": "@alice can you ring?\n@bbo too"})
    assert answer.location == f"/comments/{comment.id}?state=open#notes"
    said_to_bob = get(bob, answer.location).words
    assert "Written down. Mailed to: Alice Adams." in said_to_bob
    assert "Nobody here is called “@bbo”" in said_to_bob
    words = get(alice, f"/comments/{comment.id}").words
    assert "@alice can you ring?" in words
    assert "mentions you" in words


def test_colleagues_are_offered_and_can_be_ticked(bob: Colleague, people: Cast, comment: Comment) -> None:
    page = get(bob, f"/comments/{comment.id}")
    offered = [e.attrib["value"] for e in page.tree.iter("input") if e.attrib.get("name") == "mention"]
    assert offered == [str(people.alice.id)], "not oneself"
    bob.post(f"/comments/{comment.id}/notes", data={"note": "Please ring.", "mention": offered})
    assert [m.recipient for m in alerts()] == ["alice@webshop.example"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"note": ""}, "note"), ({"note": " \n "}, "note"), ({"note": "x" * 4001}, "note"), ({"note": "a\x00b"}, "note"),
        ({"note": "Kept.", "mention": "99999"}, "mention"), ({"note": "Kept.", "mention": "abc"}, "mention"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_beside_its_field(
    bob: Colleague, comment: Comment, data: dict[str, str], field: str
) -> None:
    answer = bob.post(f"/comments/{comment.id}/notes", data=data)
    assert answer.status_code == 422
    if "\x00" not in data["note"]:
        page = Page(answer)
        assert field in page.errors()
        assert form_to(page, f"/comments/{comment.id}/notes")["note"].strip() == data["note"].strip(), (
            "nothing is lost"
        )
    assert db.session.scalars(select(Note)).all() == []


def test_a_colleague_of_another_organisation_is_not_mentioned(
    bob: Colleague, people: Cast, comment: Comment
) -> None:
    data = {"note": "@charlie look at this", "mention": ""}
    bob.post(f"/comments/{comment.id}/notes", data={"note": data["note"]})
    assert alerts() == []
    forged = {"note": "look", "mention": str(people.charlie.id)}
    assert bob.post(f"/comments/{comment.id}/notes", data=forged).status_code == 422


def test_it_stands_on_top_of_the_inbox_until_it_is_read(
    alice: Colleague, bob: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    noted(comment, people, now, "@alice one", people.alice)
    noted(comment, people, now, "@alice two", people.alice)
    page = get(alice, "/inbox")
    assert "2 notes mention you" in page.words
    assert f"/comments/{comment.id}#notes" in page.links().values()
    get(alice, f"/comments/{comment.id}")
    assert "2 notes mention you" in get(alice, "/inbox").words, "looking at a page writes nothing"
    assert "mention you" not in get(bob, "/inbox").words
    back = alice.post(f"/comments/{comment.id}/notes/reading")
    assert back.location == f"/comments/{comment.id}#notes"
    assert "mention you" not in get(alice, "/inbox").words
    assert "I have read them" not in get(alice, f"/comments/{comment.id}").words


def test_whoever_answers_has_read_it(alice: Colleague, people: Cast, comment: Comment, now: datetime) -> None:
    noted(comment, people, now, "@alice one", people.alice)
    alice.post(f"/comments/{comment.id}/notes", data={"note": "I rang him."})
    assert db.session.scalars(select(Mention).where(Mention.read_at.is_(None))).all() == []


def test_what_was_taken_away_mentions_nobody(
    alice: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    made = noted(comment, people, now, "@alice one", people.alice)
    with writing():
        take_away(made, people.bob.id, now)
    assert "mentions you" not in get(alice, "/inbox").words
    assert "mentions you" not in get(alice, f"/comments/{comment.id}").words


def test_strangers_find_nothing_and_viewers_read(
    charlie: Colleague, vera: Colleague, people: Cast, comment: Comment, now: datetime
) -> None:
    made = noted(comment, people, now)
    for path in (
        f"/comments/{comment.id}/notes",
        f"/notes/{made.id}/taking-away",
        f"/comments/{comment.id}/notes/reading",
    ):
        assert charlie.post(path, data={"note": "x"}).status_code == 404
    assert vera.post(f"/comments/{comment.id}/notes", data={"note": "x"}).status_code == 403
    assert vera.post(f"/notes/{made.id}/taking-away").status_code == 403
    words = get(vera, f"/comments/{comment.id}").words
    assert CANARY in words
    assert "Write a note" not in words


def test_a_viewer_can_be_mentioned_and_read_it(
    app: Flask, people: Cast, comment: Comment, now: datetime, monday: object
) -> None:
    with writing():
        vera = make_staff(people.webshop, "Vera Visser", "viewer", now)
    noted(comment, people, now, "@vera", vera)
    browser = signed_in(app, vera)
    assert "1 note mentions you" in get(browser, "/inbox").words
    assert browser.post(f"/comments/{comment.id}/notes/reading").status_code == 303
    assert "mentions you" not in get(browser, "/inbox").words


def test_in_two_windows_one_reading_and_one_taking_away_win(
    app: Flask, people: Cast, comment: Comment, now: datetime, monday: object
) -> None:
    made = noted(comment, people, now, "@alice", people.alice)
    first, second = signed_in(app, people.bob), signed_in(app, people.bob)
    for window in (first, second):
        assert window.post(f"/notes/{made.id}/taking-away").status_code == 303
    assert len(db.session.scalars(select(Event).where(Event.verb == "comment.note_taken_away")).all()) == 1


@pytest.mark.security("stored xss")
@pytest.mark.parametrize(
    "name", [n for n in WORDS if n not in {"slots", "control", "newlines", "long words", "one long line"}]
)
def test_hostile_words_are_words(bob: Colleague, comment: Comment, name: str) -> None:
    bob.post(f"/comments/{comment.id}/notes", data={"note": WORDS[name]})
    page = get(bob, f"/comments/{comment.id}")
    assert foreign(page.element("main")) == []
    assert as_shown(" ".join(WORDS[name].split())) in as_shown(page.words)


def test_nothing_of_it_leaves_the_house(
    app: Flask, alice: Colleague, people: Cast, survey: Survey, comment: Comment, now: datetime
) -> None:
    """The canary is looked for in everything that anybody outside can read: mails, pages, files, the report."""
    noted(comment, people, now, f"@alice {CANARY}", people.alice)
    compose_receipts(now)
    with writing():
        settled(comment.response, decided(people, now), now)
    compose_due(now + timedelta(hours=1))
    messages = db.session.scalars(select(Message)).all()
    assert {m.kind for m in messages} == {"alert", "receipt", "update"}
    bodies = {
        f"{m.kind} {part}": str(getattr(m, part))
        for m in messages
        for part in ("subject", "text", "html", "headers")
    }
    assert not [where for where, body in bodies.items() if "kanarie" in body]
    outside = FreshClient(app)
    status = "/f/" + links.token("status", comment.response_id, comment.response.link_version)
    public = (
        status,
        f"/s/{survey.slug}",
        f"/s/{survey.slug}/you-said",
        "/verify",
        "/metrics",
        "/api/v1/openapi.json",
    )
    assert not [address for address in public if "kanarie" in outside.get(address).text]
    files = (*_files(survey, now), alice.get("/ledger.csv").text)
    assert not [content for content in files if "kanarie" in content]


def _files(survey: Survey, now: datetime) -> list[str]:
    from core.spreadsheets.csv_files import csv_file
    from reports.csv_files import comments_rows
    from reports.period import period
    from reports.queries import all_verbatims

    over = period(survey, date(2026, 11, 1), date(2026, 11, 30), now + timedelta(1))
    return [csv_file(comments_rows(all_verbatims(over))).decode("utf-8-sig")]
