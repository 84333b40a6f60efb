"""The page of a survey's rewards: the rule, more codes, and how they were spread."""

import io
from datetime import datetime

import pytest
from sqlalchemy import select

from core import rows
from core.db import db, writing
from followup.rewards.models import Pool, RewardCode
from surveys.models import Survey
from tests.browser import Colleague
from tests.pages import Page

RULE = {
    "gives": "y",
    "rule": "all",
    "every": "1",
    "low_at": "2",
    "what_en": "5 euros off",
    "what_nl": "5 euro korting",
}


def where(survey: Survey) -> str:
    return f"/surveys/{survey.id}/rewards"


def kept(alice: Colleague, survey: Survey, **typed: str) -> Page:
    return Page(alice.post(where(survey), data={**RULE, **typed}, follow_redirects=True))


def test_a_manager_chooses_the_rule_and_adds_codes(alice: Colleague, survey: Survey) -> None:
    assert "Codes left" not in Page(alice.get(where(survey))).words
    assert "Codes left 0" in kept(alice, survey).words
    page = Page(alice.post(f"{where(survey)}/codes", data={"codes": "A\nB\nA\n"}, follow_redirects=True))
    assert "2 codes added. 1 was there already, or stands twice: line 3." in page.words
    assert "Codes left 2" in page.words
    pool = db.session.scalars(select(Pool)).one()
    assert (pool.rule, pool.what, pool.stopped_at) == (
        "all",
        {"en": "5 euros off", "nl": "5 euro korting"},
        None,
    )
    assert "Thank-yous" in Page(alice.get(f"/surveys/{survey.id}")).words


def test_before_the_first_answer_words_stand_where_the_tables_will(alice: Colleague, survey: Survey) -> None:
    page = kept(alice, survey)
    assert "Nobody has answered since." in page.words
    assert "By channel" not in page.words


def test_what_was_given_counts_also_for_answers_from_before_the_rule(
    alice: Colleague, survey: Survey, now: datetime
) -> None:
    """Else codes would be gone, and given to nobody."""
    kept(alice, survey)
    pool = db.session.scalars(select(Pool)).one()
    with writing():
        rows.put(RewardCode, pool_id=pool.id, code="A", person="c1", given_at=now, given_by="clock")
    assert "Codes left 0 Given 1" in Page(alice.get(where(survey))).words


def test_a_file_is_read_too(alice: Colleague, survey: Survey) -> None:
    kept(alice, survey)
    file = {"file": (io.BytesIO("\ufeffCode;Value\r\nA;5\r\nB;5\r\n".encode()), "codes.csv")}
    page = Page(
        alice.post(
            f"{where(survey)}/codes", data=file, content_type="multipart/form-data", follow_redirects=True
        )
    )
    assert "2 codes added." in page.words
    assert set(db.session.scalars(select(RewardCode.code))) == {"A", "B"}


def test_it_can_be_stopped_and_goes_on(alice: Colleague, survey: Survey) -> None:
    kept(alice, survey)
    alice.post(where(survey), data={k: v for k, v in RULE.items() if k != "gives"})
    pool = db.session.scalars(select(Pool)).one()
    assert pool.stopped_at
    kept(alice, survey)
    db.session.refresh(pool)
    assert pool.stopped_at is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"rule": "score"}, "Not a valid choice"),
        ({"every": "0"}, "Give a number from 1 to 10,000."),
        ({"low_at": "-1"}, "Give a number from 0 to 1,000,000."),
        ({"what_en": " ", "what_nl": ""}, "Say what the code is good for"),
    ],
)
def test_what_does_not_fit_is_refused(
    alice: Colleague, survey: Survey, typed: dict[str, str], sentence: str
) -> None:
    page = kept(alice, survey, **typed)
    assert page.status == 422
    assert sentence in page.words
    assert not db.session.scalars(select(Pool)).all()


def test_codes_come_after_the_rule(alice: Colleague, survey: Survey) -> None:
    page = Page(alice.post(f"{where(survey)}/codes", data={"codes": "A"}))
    assert page.status == 422
    kept(alice, survey)
    page = Page(alice.post(f"{where(survey)}/codes", data={"codes": "\n"}))
    assert "There is no code in it." in page.words


def test_it_is_for_managers_of_the_organisation(bob: Colleague, charlie: Colleague, survey: Survey) -> None:
    assert bob.get(where(survey)).status_code == 403
    assert charlie.get(where(survey)).status_code == 404
    assert charlie.post(f"{where(survey)}/codes", data={"codes": "A"}).status_code == 404
