"""An application on an empty database with one open survey."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from accounts.models import Membership, Staff
from app import create_app
from core import clock, garbage, schema
from core.db import db, writing
from core.models import Organisation
from core.settings import Settings
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey

SECRET = "a key for benchmarks that is long enough"
QUESTIONS = (
    Draft("csat", "csat", {"en": "How satisfied are you?"}, required=True),
    Draft("comment", "long_text", {"en": "Why?"}),
    Draft("contact", "contact", {"en": "Who are you?"}),
)


@contextmanager
def application(data: str, **values: Any) -> Iterator[Flask]:
    """On SQLite in the folder `data`, unless `database_url` says where."""
    plain = {"database_url": f"sqlite:///{data}/scene.db", "secret_key": SECRET, "log_level": "ERROR"}
    app = create_app(Settings(**(plain | values)))
    garbage.settle()
    with app.app_context():
        schema.upgrade()  # data that are kept may be older than the code
        yield app
        db.session.remove()
        db.engine.dispose()


def open_one() -> Survey:
    """A survey of a new organisation, open, signed by its only colleague."""
    now = clock.now()
    with writing():
        organisation = Organisation(slug="bench", name="Bench", language="en", created_at=now)
        staff = Staff(name="Sam Signer", email="sam@example.org", fs_uniquifier="sam", created_at=now)
        db.session.add_all([organisation, staff])
        db.session.flush()
        db.session.add(
            Membership(organisation_id=organisation.id, staff_id=staff.id, role="manager", since=now)
        )
        survey = create_survey(organisation.id, "bench", {"en": "Bench"}, "en", staff.id, QUESTIONS, now)
        open_survey(survey, now)
    return survey
