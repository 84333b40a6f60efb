"""A customer's GET and POST with everything written, beside one durable ORM insert in a bare Flask application."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import folder

TARGET_MS = 5.0
TOKEN = re.compile(r'name="terugkoppel-token"[^>]*value="([^"]+)"')


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    pairs = 200 if quick else 1000
    with folder() as data:
        ours = _ours(data, pairs)
        limit = _limit(data, pairs)
    yield {
        "figure": "survey GET + POST, CPU", "ms": round(ours, 2), "target": TARGET_MS,
        "limit_ms": round(limit, 2), "ratio_to_limit": round(ours / limit, 1), "pairs": pairs,
    }  # fmt: skip


def _ours(data: str, pairs: int) -> float:
    with application(data) as app:
        open_one()
        client = app.test_client()

        def pair(number: int) -> None:
            page = client.get("/s/bench").text
            found = TOKEN.search(page)
            assert found, "the page holds a form token"
            form = {
                "terugkoppel-token": found[1],
                "csat": "4",
                "comment": "The box was torn.",
                "contact-wants": "mail",
            }
            answer = client.post(
                "/s/bench", data=form | {"contact-name": "Rita", "contact-email": f"r{number}@example.org"}
            )
            assert answer.status_code == 303, answer.status_code

        return _cpu_ms(pair, pairs)


def _limit(data: str, pairs: int) -> float:
    class Base(DeclarativeBase):
        pass

    db = SQLAlchemy(model_class=Base)

    class Row(Base):
        __tablename__ = "row"
        id: Mapped[int] = mapped_column(primary_key=True)
        words: Mapped[str]

    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{data}/limit.db"
    db.init_app(app)
    app.add_url_rule("/", view_func=lambda: "a page", methods=["GET"])

    def insert() -> str:
        db.session.add(Row(words="The box was torn."))
        db.session.commit()
        return "thank you"

    app.add_url_rule("/", "insert", insert, methods=["POST"])
    with app.app_context():
        event.listen(db.engine, "connect", _durable)
        Base.metadata.create_all(db.engine)
    client = app.test_client()
    return _cpu_ms(lambda _: (client.get("/"), client.post("/")), pairs)


def _durable(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _cpu_ms(work: Callable[[int], object], times: int) -> float:
    for number in range(20):
        work(-number - 1)
    begun = time.process_time()
    for number in range(times):
        work(number)
    return (time.process_time() - begun) / times * 1000
