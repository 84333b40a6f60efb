"""Several processes answer by the same personal links at once, from several windows: each link is one answer."""

from collections import defaultdict
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from core import clock, form_tokens
from core.db import db, writing
from promises.models import Promise
from surveys.asking import TOKEN
from surveys.invitations.models import Invitation
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.core.test_racing import race
from tests.inviting import invited, link
from tests.loop import opened_survey

LINKS, WINDOWS = 10, 2


@pytest.fixture
def links(people: Cast) -> dict[int, str]:
    with writing():
        survey = opened_survey(people, clock.now())
        made = [invited(survey, clock.now(), f"r{n}@example.com") for n in range(LINKS)]
        return {i.id: link(i) for i in made}


def forms(links: dict[int, str]) -> list[dict[str, str]]:
    """Each link in two windows, which were opened before anybody answered; every fifth person gives no name."""
    return [
        {
            "path": path, "token": f"{id} {window}", "csat": str(1 + id % 5), "contact": "page" if id % 5 == 0 else "mail",
            TOKEN: form_tokens.issue(f"invitation:{id}"),
        }
        for id, path in links.items() for window in range(WINDOWS)
    ]  # fmt: skip


@pytest.mark.security("one answer")
@pytest.mark.both_databases
def test_a_link_in_two_windows_of_four_processes_is_one_answer(
    app: Flask, links: dict[int, str], tmp_path: Path
) -> None:
    seen = race(forms(links), tmp_path)
    db.session.rollback()
    for model in (Response, Promise):
        assert db.session.scalar(select(func.count()).select_from(model)) == LINKS, model
    used = db.session.scalars(select(Invitation).where(Invitation.answered_on.is_not(None))).all()
    assert len(used) == LINKS
    assert db.session.scalars(select(Survey)).one()
    led: dict[str, set[str]] = defaultdict(set)
    for token, answers in seen.items():
        led[token.split()[0]] |= {place for status, place in answers if status == 303}
    assert {len(places) for places in led.values()} == {1}, "whoever came second was led to the first answer"
