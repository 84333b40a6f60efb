"""A customer's GET and POST with everything written, beside one durable ORM insert in a bare Flask application."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import folder

TARGET_MS = 5.0
TOKEN = re.compile(r'name="terugkoppel-token"[^>]*value="([^"]+)"')


CLIENTS, P99_MS, RATIO = 32, 200, 0.5


class Asked(NamedTuple):
    """CPU of one pair in ms; answers a second and the slowest of a hundred in ms, from many threads at once."""

    cpu_ms: float
    rate: float
    p99_ms: float


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    pairs = 200 if quick else 1000
    with folder() as data:
        ours = _ours(data, pairs)
        limit = _limit(data, pairs)
    yield {
        "figure": "survey GET + POST, CPU", "ms": round(ours.cpu_ms, 2), "target": TARGET_MS,
        "limit_ms": round(limit.cpu_ms, 2), "ratio_to_limit": round(ours.cpu_ms / limit.cpu_ms, 1), "pairs": pairs,
    }  # fmt: skip
    yield {
        "figure": f"GET + POST by {CLIENTS} clients at once, in one process", "per_second": round(ours.rate), "p99_ms": round(ours.p99_ms),
        "target_p99_ms": P99_MS, "limit_per_second": round(limit.rate), "limit_p99_ms": round(limit.p99_ms),
        "ratio_to_limit": round(ours.rate / limit.rate, 2), "target_ratio": RATIO,
    }  # fmt: skip


def _ours(data: str, pairs: int) -> Asked:
    with application(data) as app:
        open_one()
        return _asked(app, _pair, pairs)


def _pair(client: FlaskClient, number: int) -> None:
    found = TOKEN.search(client.get("/s/bench").text)
    assert found, "the page holds a form token"
    form = {
        "terugkoppel-token": found[1],
        "csat": "4",
        "comment": "The box was torn.",
        "contact-wants": "mail",
    }
    who = {"contact-name": "Rita", "contact-email": f"r{number}@example.org"}
    answer = client.post("/s/bench", data=form | who)
    assert answer.status_code == 303, answer.status_code


def _limit(data: str, pairs: int) -> Asked:
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
    return _asked(app, lambda client, _number: (client.get("/"), client.post("/")), pairs)


def _asked(app: Flask, pair: Callable[[FlaskClient, int], object], pairs: int) -> Asked:
    client = app.test_client()
    cpu = _cpu_ms(lambda number: pair(client, number), pairs)
    begun, slow = time.monotonic(), _crowd(app, pair, pairs)
    rate = len(slow) / (time.monotonic() - begun)
    return Asked(cpu, rate, sorted(slow)[int(len(slow) * 0.99)] * 1000)


def _crowd(app: Flask, pair: Callable[[FlaskClient, int], object], pairs: int) -> list[float]:
    """Seconds of each pair."""

    def many(own: int) -> list[float]:
        client, taken = app.test_client(), []
        for number in range(max(1, pairs // CLIENTS)):
            begun = time.monotonic()
            pair(client, 10_000 * (own + 1) + number)
            taken.append(time.monotonic() - begun)
        return taken

    with ThreadPoolExecutor(CLIENTS) as clients:
        return [seconds for taken in clients.map(many, range(CLIENTS)) for seconds in taken]


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
