"""PostgreSQL is asked first for what is rare, by statistics that it has been told to keep."""

from datetime import datetime

import pytest
from sqlalchemy import text

from core.db import db, writing
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import said
from triage.inbox import finding, finding_postgresql
from triage.inbox.filters import Filters
from triage.inbox.seeking import Sought, sought
from triage.models import Comment

MORE = " ".join(f"word{n}" for n in range(100))
"""By fewer words PostgreSQL judges no beginning of a word."""
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def six(survey: Survey, now: datetime) -> list[Comment]:
    """A word that stands in all of them, one that most hold, and a rare one; counted as a database does in a quiet minute."""
    texts = [f"box torn {MORE}", *5 * ["box whole"]]
    made = [said(survey, now, words, email=f"{n}@example.com") for n, words in enumerate(texts)]
    with writing():
        db.session.execute(text("ANALYZE comment_index"))
    return made


def looking_for(people: Cast, q: str, **more: str) -> Sought:
    return sought(people.webshop.id, Filters(q=q, **more), "Europe/Amsterdam")


@pytest.mark.usefixtures("six")
def test_it_knows_how_often_each_word_is_likely() -> None:
    """Without those statistics all words are as likely."""
    likely = {
        word: finding_postgresql._likely(f"'{word}':*", is_open=True) for word in ("box", "whole", "torn")
    }
    assert likely == {"box": 6, "whole": 5, "torn": 1}


@pytest.mark.usefixtures("six")
def test_the_index_is_asked_for_the_rare_word_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding_postgresql, "LEAST", 1)
    monkeypatch.setattr(finding_postgresql, "TIMES", 5)
    assert finding_postgresql._what_singles_out(["'box':*", "'torn':*"], is_open=True) == ["'torn':*"]


@pytest.mark.usefixtures("six")
def test_what_stands_everywhere_is_found_no_further_than_it_is_counted(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_postgresql, "MANY", 0)
    monkeypatch.setattr("core.database.counting.MANY", 3)
    found = finding._find(looking_for(people, "box"), 5, is_open=True)
    assert (len(found.ids), found.all) == (4, False)


def test_of_a_time_all_of_a_few_are_found(
    people: Cast, six: list[Comment], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is likely in all lines is rare in those of a day."""
    monkeypatch.setattr(finding_postgresql, "MANY", 0)
    monkeypatch.setattr("core.database.counting.MANY", 3)
    since = looking_for(people, "box", since=f"{now.date()}")
    assert len(finding._find(since, 6, is_open=True).ids) == len(six)
    assert not finding._find(since, 5, is_open=True).all
