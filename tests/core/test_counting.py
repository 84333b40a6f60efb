"""Counts stop at a thousand, and say so in the reader's way of writing."""

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from core.database import counting
from core.database.counting import counted, up_to_many
from core.db import db, writing
from core.models import Beat


@pytest.mark.parametrize(
    ("n", "english", "dutch"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1,000", "1.000"),
        (1001, "1,000+", "1.000+"),
        (10**6, "1,000+", "1.000+"),
    ],
)
def test_a_number_as_people_read_it(app: Flask, n: int, english: str, dutch: str) -> None:
    with app.test_request_context("/"):
        with force_locale("en"):
            assert counted(n) == english
        with force_locale("nl"):
            assert counted(n) == dutch


@pytest.mark.both_databases
def test_it_counts_one_further_than_it_says(app: Flask, now: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MANY", 2)
    with writing():
        db.session.add_all(Beat(name=f"tick {n}", started_at=now) for n in range(4))
    assert up_to_many(select(Beat.name)) == 3
    assert up_to_many(select(Beat.name).where(Beat.name == "tick 1")) == 1
    assert up_to_many(select(Beat.name).where(Beat.name == "none")) == 0
