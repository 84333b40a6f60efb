"""One application with a row of everything in it, and everybody who can ask it something."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from accounts import keys
from app import create_app
from core import clock, routes
from core.access import Role
from core.db import db, writing
from core.settings import Settings
from tests.browser import FreshClient, signed_in
from tests.cast import make_cast, make_staff
from tests.compiled import COMPILED
from tests.conftest import SECRET
from tests.rules.matrix_rows import ROWS, Row, make_rows

FOREIGN = "of another organisation"
STAFF: Mapping[str, Role | None] = {"stranger": None, **{r.name: r for r in Role}, FOREIGN: Role.admin}
PROGRAMS: Mapping[str, Role | None] = {
    "no key": None,
    **{f"key {r.name}": r for r in Role},
    f"key {FOREIGN}": Role.admin,
}


@dataclass(frozen=True, slots=True)
class World:
    """Its database is put back after whatever changed it; `askers` by name; `rows` by what stands in an address."""

    app: Flask
    live: Path
    kept: Path
    askers: dict[str, FlaskClient]
    rows: dict[str, Row]

    def ask(self, who: str, method: str, address: str, **body: Any) -> Any:
        """One request, after which everything is as it was."""
        client = self.askers[who]
        cookies = dict(client._cookies or {})
        answer = client.open(address, method=method, **body)
        client._cookies = cookies
        if method not in routes.HARMLESS and answer.status_code < 400:
            copy(self.kept, self.live)
        return answer

    def filled(self, rule: str) -> tuple[str, list[Row]]:
        """The address with rows of the webshop in it, and those rows."""
        names = re.findall(r"<(?:\w+:)?(\w+)>", rule)
        found = {name: self.rows.get(rule) or self.rows.get(name) for name in names}
        unknown = [name for name, row in found.items() if row is None]
        assert not unknown, f"add a line for {unknown} to ROWS in tests/rules/matrix_rows.py"
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(getattr(found[m[1]], "value", "")), rule)
        return address, [row for row in found.values() if row]


def make_world(folder: Path, template: Path) -> World:
    """Rows are made once, with the verbs of the rooms."""
    live, kept = folder / "live.db", folder / "kept.db"
    copy(template, live)
    app = create_app(Settings(database_url=f"sqlite:///{live}", data_dir=folder, secret_key=SECRET))
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():
        askers, rows = _everybody(app), {name: row() for name, row in ROWS.items()}
        db.session.rollback()
    copy(live, kept)
    return World(app, live, kept, askers, rows)


def copy(source: Path, target: Path) -> None:
    there, here = sqlite3.connect(source), sqlite3.connect(target)
    there.backup(here)
    there.close()
    here.close()


def _everybody(app: Flask) -> dict[str, FlaskClient]:
    now = clock.now()
    with writing():
        cast = make_cast(now)
        make_rows(cast)
        colleagues = {r.name: make_staff(cast.webshop, f"{r.name} one", r.name, now) for r in Role}
        colleagues[FOREIGN] = make_staff(cast.housing, "Frank Foreign", "admin", now)
        secrets = {f"key {r.name}": keys.create(cast.webshop.id, r.name, r, now)[1] for r in Role}
        secrets[f"key {FOREIGN}"] = keys.create(cast.housing.id, "foreign", Role.admin, now)[1]
    people: dict[str, FlaskClient] = {name: signed_in(app, staff) for name, staff in colleagues.items()}
    programs = {name: _program(app, secret) for name, secret in secrets.items()}
    return {"stranger": FreshClient(app), "no key": FreshClient(app), **people, **programs}


def _program(app: Flask, secret: str) -> FlaskClient:
    client = FreshClient(app)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


def all_routes() -> list[tuple[str, str, str]]:
    """(endpoint, method, address with its names) of everything but the static files."""
    app = create_app(Settings(database_url="sqlite:////nowhere/at-all.db", secret_key=SECRET))
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(
        (rule.endpoint, method, rule.rule) for rule in rules for method in routes.methods(rule.methods)
    )
