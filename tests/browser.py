"""Who comes to the pages in tests: a stranger at a browser, or a colleague who is signed in."""

from contextvars import Context
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from accounts import sessions
from accounts.models import Staff
from core import clock
from core.db import db, writing
from core.models import Organisation
from tests.markup import read


class FreshClient(FlaskClient):
    """A browser of somebody who reads English. Each request has a `g` of its own, as in life, and the test sees what it changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if has_app_context():
            db.session.rollback()
        kwargs.setdefault("buffered", True)  # what is sent bit by bit is read to its end in the same context
        return Context().run(super().open, *args, **kwargs)


class Colleague(FreshClient):
    """A browser that sends the token which forms of staff carry."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("method", "GET") not in {"GET", "HEAD"}:
            kwargs["headers"] = {"X-CSRFToken": self.form_token(), **(kwargs.get("headers") or {})}
        return super().open(*args, **kwargs)

    def form_token(self) -> str:
        with self.session_transaction() as session:
            seed = session.setdefault("csrf_token", "a seed of form tokens")
        key = self.application.secret_key or ""
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(seed))


def signed_in(app: Flask, staff: Staff, organisation: Organisation | None = None) -> Colleague:
    """A browser in which this colleague signed in a moment ago."""
    id, uniquifier, now = staff.id, staff.fs_uniquifier, clock.now()
    chosen = organisation.id if organisation else None
    with writing():
        key = sessions.start(id, "a browser in a test", now)
    browser = Colleague(app, app.response_class)
    with browser.session_transaction() as session:
        session.update(key=key, seen=now.timestamp(), _user_id=uniquifier, organisation=chosen)
    return browser


def fields(page: str, action: str) -> dict[str, str]:
    """name → value of each field in the form of a page that is sent to `action`."""
    (form,) = [f for f in read(page).iter("form") if f.get("action") == action]
    inputs = {f.get("name", ""): f.get("value", "") for f in form.iter("input") if f.get("type") != "submit"}
    return inputs | {f.get("name", ""): "".join(f.itertext()).lstrip("\n") for f in form.iter("textarea")}


def knock(client: FlaskClient, email: str, password: str, **more: str) -> TestResponse:
    """Fill in the sign-in page as a person does."""
    form = fields(client.get("/").text, "/sign-in")
    return client.post("/sign-in", data={**form, "email": email, "password": password, **more})
