"""What stands beside an answer: the same page, and one durable ORM insert by a bare Flask application in the same process."""

import os
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from core.access import public


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "row"
    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]


db = SQLAlchemy(model_class=Base)


def create_app() -> Flask:
    """The product, of which the same page is asked for, and at /limit an application that only takes a row."""
    from app import create_app as product
    from core import one_core

    app, bare = product(), _bare()
    one_core.gather(bare)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/limit": bare})  # type: ignore[method-assign]
    return app


def _bare() -> Flask:
    app = Flask(__name__)
    url = os.environ["DATABASE_URL"]
    app.config["SQLALCHEMY_DATABASE_URI"] = url.replace("postgresql://", "postgresql+psycopg://")
    db.init_app(app)
    app.add_url_rule("/", "insert", public(_insert), methods=["POST"])
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _durable)
        Base.metadata.create_all(db.engine)
    return app


def _insert() -> str:
    db.session.add(Row(words="The box was torn."))
    db.session.commit()
    return "thank you"


def _durable(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
