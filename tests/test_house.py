"""The shared fixtures themselves, so that a failure of theirs is not looked for elsewhere."""

import smtplib
import socket
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader
from sqlalchemy import select

from core.db import db
from core.models import Organisation
from tests.applications import chosen
from tests.cast import Cast
from tests.compiled import Compiled
from tests.sink import Sink


@pytest.mark.both_databases
def test_each_test_has_an_empty_database_and_the_cast(app: Flask, people: Cast) -> None:
    assert db.session.scalars(select(Organisation.slug).order_by(Organisation.id)).all() == [
        "webshop",
        "housing",
    ]
    assert people.alice.email == "alice@webshop.example"


@pytest.mark.settings(hold_minutes=0)
def test_a_marker_changes_a_setting(app: Flask) -> None:
    assert app.config["SETTINGS"].hold_minutes == 0


def test_the_mail_server_keeps_what_it_accepts(app: Flask, smtp_server: Sink) -> None:
    assert app.config["SETTINGS"].smtp_url == smtp_server.url
    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        client.sendmail("a@example.org", ["b@example.com"], b"Message-ID: <1@x>\r\n\r\nhello\r\n")
    assert [(mail.recipients, mail.message_id) for mail in smtp_server.mails] == [
        (("b@example.com",), "<1@x>")
    ]


def test_nobody_reaches_another_machine() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"), socket.socket() as other:
        other.connect(("192.0.2.1", 25))
    with (
        pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.2"),
        socket.socket(type=socket.SOCK_DGRAM) as other,
    ):
        other.sendto(b"?", ("192.0.2.2", 53))
    with pytest.raises(pytest.fail.Exception, match=r"elsewhere\.example"):
        socket.create_connection(("elsewhere.example", 25))


def test_a_template_is_compiled_once_for_all_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_text("Hello")
    first, second = Compiled(), Compiled()
    first.folder = second.folder = tmp_path
    Environment(loader=FileSystemLoader(tmp_path), bytecode_cache=first).get_template("page.html")
    assert len(list(tmp_path.iterdir())) == 2
    monkeypatch.setattr(second, "dump_bytecode", lambda _bucket: pytest.fail("compiled again"))
    again = Environment(loader=FileSystemLoader(tmp_path), bytecode_cache=second)
    assert again.get_template("page.html").render() == "Hello"


def test_settings_are_read_once_and_each_test_has_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"secret_key": "long enough to be one, really"}
    here, there = chosen(values, tmp_path / "here"), chosen(values, tmp_path / "there")
    assert (here.data_dir, there.data_dir) == (tmp_path / "here", tmp_path / "there")
    assert here.model_copy(update={"data_dir": there.data_dir}) == there
    monkeypatch.setenv("HOLD_MINUTES", str(here.hold_minutes + 1))
    assert chosen(values, tmp_path).hold_minutes == here.hold_minutes + 1
