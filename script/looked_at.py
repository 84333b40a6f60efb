"""The pages that script/pages looks at: every route with a row of everything, what its forms say to mistakes, each state of a public page, each failure."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from core import clock, schema
from core.application import bare_app
from core.db import db, writing
from core.failures import page
from core.settings import Settings
from script.benchmarks.scene import SECRET, application
from tests import public_pages
from tests.browser import FreshClient
from tests.cast import make_cast
from tests.rules.forms import forms, pages
from tests.rules.world import World, make_world

Page = tuple[str, str]
"""What it is, and its HTML."""
MAIL = "/body"
"""A mail in its frame is written for mail programs, which want what HTML gave up long ago."""
STRANGERS = ("/s/", "/f/", "/i/", "/u/", "/reports/read/")
MISTAKES = {"left empty": "", "more than fits": "<b>\"'&" + "ß" * 6000}


def of_routes(folder: Path) -> Iterator[Page]:
    """Each page that an admin and a stranger get, in Dutch and in English, and each form that was sent with mistakes."""
    world = _world(folder)
    for rule in pages():
        address, _rows = world.filled(rule)
        for language in ("nl", "en"):
            for who in ("stranger", "admin") if not address.endswith(MAIL) else ():
                answer = world.ask(who, "GET", address, headers={"Accept-Language": language})
                yield from _html(f"{address} for {who} in {language}", answer)
    yield from _mistaken(world)
    with world.app.app_context():
        db.engine.dispose()


def _world(folder: Path) -> World:
    empty = folder / "empty.db"
    with bare_app(
        Settings(database_url=f"sqlite:///{empty}", data_dir=folder, secret_key=SECRET)
    ).app_context():
        schema.require_current()
        db.session.remove()
        db.engine.dispose()
    return make_world(folder, empty)


def _mistaken(world: World) -> Iterator[Page]:
    for form in forms(world):
        who = "stranger" if form.page.startswith(STRANGERS) else "admin"
        wrong = {name: dict.fromkeys(form.typed, words) for name, words in MISTAKES.items()}
        wrong["with a choice that is none"] = dict.fromkeys(form.chosen, "-1")
        for name, said in wrong.items():
            answer = world.ask(who, "POST", form.action, data=form.filled(**said))
            yield from _html(f"{form.page}, sent {name} to {form.action}", answer)


def _html(name: str, answer: TestResponse) -> Iterator[Page]:
    if answer.mimetype == "text/html" and answer.data and answer.status_code != HTTPStatus.SEE_OTHER:
        yield name, answer.text


@contextmanager
def states(folder: Path) -> Iterator[tuple[Flask, dict[str, str]]]:
    """An application, and by name the addresses of every public page in each of its states."""
    now = clock.now()
    with application(str(folder)) as app:
        app.extensions["ticks"] = ()
        app.test_client_class = FreshClient
        with writing():
            people = make_cast(now)
        yield app, public_pages.make(people, now)


def of_states(folder: Path) -> Iterator[Page]:
    """In Dutch, English and Arabic."""
    with states(folder) as (app, addresses):
        for name, address in addresses.items():
            for language in public_pages.LANGUAGES:
                answer = app.test_client().get(public_pages.spoken(address, language), follow_redirects=True)
                yield from _html(f"{name} in {language}", answer)
        yield from _failures(app)


def _failures(app: Flask) -> Iterator[Page]:
    """What is said with each status, to somebody who only looked and to somebody who had typed something."""
    for status in (s for s in HTTPStatus if s >= HTTPStatus.BAD_REQUEST):
        with app.test_request_context("/s/alles"):
            yield f"the page of {status:d}", page(status, "A sentence.").get_data(as_text=True)
        with app.test_request_context("/s/alles", method="POST", data={"comment": "Torn."}):
            yield f"the page of {status:d} after a form", page(status, "A sentence.").get_data(as_text=True)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Its address while it is answered by threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:  # else whatever failed while they looked would leave the thread, and this would never end
        server.shutdown()
        thread.join()
        server.server_close()
