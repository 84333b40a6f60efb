"""The walk plays the whole loop through the real parts, and ends with the path of a report."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.commands import create_organisation
from core import clock
from core.db import db, writing
from core.errors import DomainError
from core.models import Organisation
from demo import guests, watching
from demo.walk import Walk, walk
from demo.watching import Watcher, equation, way_out
from outbox.addresses import is_reserved
from outbox.freezing import freeze
from promises.ledger import Ledger, Scope, ledger
from tests.cast import Cast
from tests.sink import Sink


def steps(lines: list[str]) -> list[int]:
    """The numbers before the sentences."""
    return [int(line.split(".")[0]) for line in lines if line[:4].strip(" .").isdigit()]


def test_it_goes_over_real_smtp_and_ends_with_a_report(app: Flask, smtp_server: Sink) -> None:
    lines: list[str] = []
    file = walk(lines.append)
    assert file.read_bytes().startswith(b"%PDF-")
    assert file.name == "walk-1.pdf"
    assert steps(lines) == list(range(1, 21))
    _mails_arrived(smtp_server)
    _everybody_is_accounted_for(lines)
    _real_words_are_shown(lines)


def _mails_arrived(sink: Sink) -> None:
    recipients = [mail.recipients[0].partition("@")[0] for mail in sink.mails]
    assert sorted(recipients) == ["noor", "noor", "rita", "rita", "sam", "sam", "sam"]
    assert all(is_reserved(mail.recipients[0]) for mail in sink.mails)
    assert len({mail.message_id for mail in sink.mails}) == len(sink.mails)


def _everybody_is_accounted_for(lines: list[str]) -> None:
    organisation = db.session.scalars(select(Organisation).where(Organisation.slug == "walk-1")).one()
    found = ledger(Scope(organisation.id))
    assert found.adds_up
    assert equation(found) == "responses=4 told=3 promised=1 unreachable=0"
    assert any(equation(found) in line for line in lines)
    assert found.told_page == {"done": 1}


def _real_words_are_shown(lines: list[str]) -> None:
    said = "\n".join(lines)
    for words in (
        guests.RITA.comment,
        "our couriers wait a full minute at the door",
        "To: rita@walk-1.example",
        "sent: 250 2.0.0 kept",
    ):
        assert words in said
    assert "real SMTP" in said
    assert all(len(line) < 120 for line in said.splitlines())


def test_the_command_ends_with_the_path_alone(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "walk"])
    assert answer.exit_code == 0
    path = Path(answer.output.splitlines()[-1])
    assert path.is_file()
    assert path.is_absolute()
    assert "no SMTP_URL is set" in " ".join(answer.output.split())


def test_each_walk_has_a_number_of_its_own(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    create_organisation("walk-1", "Walk 1", "Anna Adams <anna@walk-1.example>", clock.now())
    create_organisation("walk-3", "Walk 3", "Anna Adams <anna@walk-3.example>", clock.now())
    monkeypatch.setattr(Walk, "play", lambda self: Path(self.slug))
    assert walk(print) == Path("walk-2")


def test_a_report_that_is_not_drawn_ends_it_with_the_sentence(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = Walk(1, lambda _line: None)
    failed = SimpleNamespace(state="failed", error="Drawing the report needed more than 1024 MB of memory.")
    monkeypatch.setattr(played.office, "ask_report", lambda _day: None)
    monkeypatch.setattr(played.office, "report", lambda: failed)
    with pytest.raises(DomainError, match="more than 1024 MB"):
        played.report()


def test_a_ledger_that_does_not_add_up_ends_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    played = Walk(1, lambda _line: None)
    monkeypatch.setattr(played.watch, "ledger", lambda _slug: Ledger(responses=4, told=3))
    with pytest.raises(DomainError, match="responses=4 told=3 promised=0 unreachable=0"):
        played.account()


@pytest.mark.settings(hold_minutes=0)
def test_without_a_hold_it_says_so(app: Flask) -> None:
    lines: list[str] = []
    Walk(1, lines.append).send_now(guests.RITA)
    assert "nothing is held back" in " ".join(lines)


def test_sentences_are_numbered_and_wrapped() -> None:
    lines: list[str] = []
    watcher = Watcher(lines.append)
    watcher.say("short")
    watcher.say("long " * 40)
    assert lines[1] == "  1. short"
    assert lines[3].startswith("  2. long")
    assert all(len(line) <= watching.WIDTH for line in lines[3].splitlines())


def test_addresses_are_never_broken_over_two_lines() -> None:
    lines: list[str] = []
    link = f"http://127.0.0.1:8000/f/{'x' * 120}"
    Watcher(lines.append).quote(f"Yes: {link}")
    assert any(line.endswith(link) for line in lines)


def test_quotes_stand_in_a_margin_and_may_be_cut() -> None:
    lines: list[str] = []
    Watcher(lines.append).quote("one\n\ntwo\nthree", lines=3)
    assert lines == ["     │ one", "     │", "     │ two"]


def test_a_message_is_tried_when_a_server_said_something(app: Flask, people: Cast) -> None:
    watcher = Watcher(lambda _line: None)
    assert not watcher.is_tried("rita@example.com", ("update",))
    with writing():
        freeze(
            people.webshop.id,
            "update",
            "rita@example.com",
            "Done",
            "text",
            "<p>x</p>",
            "Alice",
            "en",
            clock.now(),
        )
    assert not watcher.is_tried("rita@example.com", ("update",))
    watcher.tick_until(lambda: watcher.is_tried("rita@example.com", ("update",)))
    assert watcher.is_tried("rita@example.com", ("update",))
    assert not watcher.is_tried("rita@example.com", ("digest",))


def test_ticks_are_given_up_after_a_while(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PATIENCE", 0.0)
    monkeypatch.setattr(watching, "TICKS", ())
    Watcher(print).tick_until(lambda: False)


def test_what_goes_wrong_in_a_tick_ends_the_walk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_now: datetime) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(watching, "TICKS", (SimpleNamespace(work=broken),))
    with pytest.raises(RuntimeError, match="the disk is full"):
        Watcher(print).tick_until(lambda: True)


def test_it_says_how_mail_leaves(app: Flask) -> None:
    assert way_out() == "no SMTP_URL is set: to /mailbox"


def test_guests_fill_in_what_they_want() -> None:
    assert guests.RITA.filled("walk-9")["contact-email"] == "rita@walk-9.example"
    assert guests.NOBODY.filled("walk-9")["contact-wants"] == "page"
    assert guests.NOBODY.who == "Somebody without a name"
    assert guests.NOOR.wrote == "and no words."
    assert all(is_reserved(guest.mail("walk-9")) for guest in guests.GUESTS if guest.name)
