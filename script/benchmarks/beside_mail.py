"""What stands beside delivering: bare smtplib, a bare durable commit, and the way one would write first."""

import smtplib
import socket
import sqlite3
from collections.abc import Callable
from email.message import EmailMessage
from itertools import count
from typing import Any

import psycopg

from core import clock
from script.benchmarks.letters import HTML, TEXT

Execute = Callable[[str, tuple[Any, ...]], object]


class Table:
    """A table of one's own beside ours, in the same database, where each statement is a durable commit."""

    def __init__(self, url: str, mails: int) -> None:
        self.execute, self.close, mark = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
        self.execute("DROP TABLE IF EXISTS mail", ())
        self.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, sent TEXT)", ())
        upto = f"WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < {mails})"  # noqa: S608
        self.execute(f"{upto} INSERT INTO mail (id) SELECT n FROM n", ())  # noqa: S608
        self._sent = f"UPDATE mail SET sent = {mark} WHERE id = {mark}"  # noqa: S608

    def sent(self, n: int) -> None:
        self.execute(self._sent, (str(clock.now()), n))


def _sqlite(url: str) -> tuple[Execute, Callable[[], None], str]:
    rows = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        rows.execute(f"PRAGMA {pragma}")
    return rows.execute, rows.close, "?"


def _postgresql(url: str) -> tuple[Execute, Callable[[], None], str]:
    rows = psycopg.connect(url, autocommit=True)
    return lambda sql, values: rows.execute(sql.encode(), values), rows.close, "%s"


def connect(port: int) -> smtplib.SMTP:
    """Small writes leave at once, as ours do."""
    client = smtplib.SMTP("127.0.0.1", port)
    assert client.sock
    client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def ready_bytes(client: smtplib.SMTP) -> Callable[[], object]:
    """Nothing but handing over what was built before."""
    ready = f"Subject: Done\r\nMessage-ID: <1@example.org>\r\n\r\n{TEXT}{HTML}\r\n".encode()
    return lambda: client.sendmail("a@example.org", ["r@example.org"], ready)


def simple_way(client: smtplib.SMTP, table: Table) -> Callable[[], object]:
    """EmailMessage, send_message, and a durable UPDATE for each mail: forgets nothing, but may send twice."""
    numbers = count()

    def one() -> None:
        client.send_message(_message(n := next(numbers)))
        table.sent(n)

    return one


def _message(n: int) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", f"r{n}@example.org", "Done"
    message.set_content(TEXT)
    message.add_alternative(HTML, subtype="html")
    return message
