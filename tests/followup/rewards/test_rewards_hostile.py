"""What comes to the page of rewards and should not do harm: formulas, many codes, codes twice, files that are none, strangers."""

import io

import pytest
from sqlalchemy import func, select

from core.db import db
from core.text import one_line
from followup.rewards.models import Pool, RewardCode
from surveys.models import Survey
from tests.browser import Colleague
from tests.each import each
from tests.hostile import ALL_AT_ONCE, NUMBERS, WORDS, as_shown, foreign
from tests.pages import Page

RULE = {"gives": "y", "rule": "all", "every": "1", "low_at": "2", "what_en": "5 euros off"}
MEGABYTE = 1024 * 1024
FORMULAS = [WORDS[name] for name in ("a formula", "a sum", "plus", "minus", "full width")]


def where(survey: Survey) -> str:
    return f"/surveys/{survey.id}/rewards"


def choose(alice: Colleague, survey: Survey, **typed: str) -> Page:
    return Page(alice.post(where(survey), data=RULE | typed, follow_redirects=True))


def add(alice: Colleague, survey: Survey, codes: str) -> Page:
    return Page(alice.post(f"{where(survey)}/codes", data={"codes": codes}, follow_redirects=True))


def upload(alice: Colleague, survey: Survey, data: bytes, name: str = "codes.csv") -> Page:
    return Page(
        alice.post(
            f"{where(survey)}/codes",
            data={"file": (io.BytesIO(data), name)},
            content_type="multipart/form-data",
            follow_redirects=True,
        )
    )


def kept() -> list[str]:
    return list(db.session.scalars(select(RewardCode.code).order_by(RewardCode.id)))


@pytest.fixture
def pool(alice: Colleague, survey: Survey) -> Pool:
    choose(alice, survey)
    return db.session.scalars(select(Pool)).one()


def test_a_formula_is_a_code_like_any_other(alice: Colleague, survey: Survey, pool: Pool) -> None:
    """It is given as it was bought: nothing is put before it, since whoever types it over would be refused."""
    assert "5 codes added." in add(alice, survey, "\n".join(FORMULAS)).words
    assert kept() == FORMULAS


@pytest.mark.parametrize(
    "name", [name for name, words in WORDS.items() if len(words) <= 100 and len(words.splitlines()) == 1]
)
def test_any_words_are_one_code(alice: Colleague, survey: Survey, pool: Pool, name: str) -> None:
    page = add(alice, survey, WORDS[name])
    assert page.status == 200
    assert foreign(page.tree) == []
    assert kept() == [one_line(WORDS[name])]


def test_ten_thousand_of_which_twenty_stand_twice(alice: Colleague, survey: Survey, pool: Pool) -> None:
    lines = [f"CODE-{n}" for n in range(9_980)] + [f"CODE-{n}" for n in range(20)]
    page = upload(alice, survey, "\n".join(lines).encode())
    assert "9980 codes added." in page.words.replace(",", "")
    assert "20 were there already, or stand twice: lines 9981, 9982," in page.words
    assert "…" in page.words, "ten of the lines are named"
    assert len(kept()) == len(set(kept())) == 9_980


def test_a_code_that_was_added_before_is_not_added_again(
    alice: Colleague, survey: Survey, pool: Pool
) -> None:
    add(alice, survey, "A\nB")
    page = add(alice, survey, "B\nC\n  B  ")
    assert "1 code added. 2 were there already, or stand twice: lines 1, 3." in page.words
    assert kept() == ["A", "B", "C"]


def test_codes_that_differ_by_a_capital_are_two(alice: Colleague, survey: Survey, pool: Pool) -> None:
    """Shops tell them apart, so we do."""
    add(alice, survey, "abc\nABC")
    assert kept() == ["abc", "ABC"]


def test_the_same_paste_sent_twice_adds_nothing(alice: Colleague, survey: Survey, pool: Pool) -> None:
    add(alice, survey, "A\nB")
    assert "0 codes added. 2 were there already" in add(alice, survey, "A\nB").words
    assert kept() == ["A", "B"]


@pytest.mark.parametrize(("length", "n"), [(99, 1), (100, 1), (101, 0), (5_000, 0)])
def test_a_code_has_a_hundred_characters_at_most(
    alice: Colleague, survey: Survey, pool: Pool, length: int, n: int
) -> None:
    page = add(alice, survey, "x" * length)
    assert ("is longer than 100 characters: line 1." in page.words) == (not n)
    assert len(kept()) == n


@pytest.mark.parametrize("codes", ["", "\n\n", "   \n\t", "\x00", "code", "CODES\n\n"])
def test_nothing_but_blanks_is_a_sentence(alice: Colleague, survey: Survey, pool: Pool, codes: str) -> None:
    page = add(alice, survey, codes)
    assert (page.status, kept()) == (422, [])
    assert "There is no code in it." in page.words


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"PK\x03\x04 and then nothing", "codes.xlsx"),
        (b"\xff\xfeA", "odd.csv"),
        (b"\x00" * 5_000, "empty.csv"),
        (b"", "nothing.csv"),
        (b'"never closed\n' * 50, "open.csv"),
    ],
)
def test_a_file_that_holds_no_codes_stops_nothing(
    alice: Colleague, survey: Survey, pool: Pool, data: bytes, name: str
) -> None:
    page = upload(alice, survey, data, name)
    assert page.status in {200, 422}
    assert len(kept()) <= 1
    assert add(alice, survey, "GOOD").status == 200


def test_a_file_above_four_megabytes_is_refused(alice: Colleague, survey: Survey, pool: Pool) -> None:
    whole = b"\r\n".join(
        (b"--x", b'Content-Disposition: form-data; name="codes"', b"", b"A\n" * (5 * MEGABYTE // 2))
    )
    sent = alice.post(f"{where(survey)}/codes", data=whole, content_type="multipart/form-data; boundary=x")
    assert sent.status_code == 413
    assert kept() == []


@each("number", [n for n in NUMBERS if n not in {" 7 ", "١"}])
def test_every_how_many_is_a_number_of_one_to_ten_thousand(
    alice: Colleague, survey: Survey, number: str
) -> None:
    page = choose(alice, survey, every=number)
    assert page.status == 422
    assert not db.session.scalar(select(func.count(Pool.id)))


@each("name", [name for name, words in WORDS.items() if len(words) <= 200])
def test_any_words_say_what_it_is_good_for(alice: Colleague, survey: Survey, name: str) -> None:
    page = choose(alice, survey, what_en=WORDS[name])
    assert page.status == 200
    assert foreign(page.tree) == []
    assert db.session.scalars(select(Pool.what)).one() == {"en": one_line(WORDS[name])}


def test_words_that_are_too_long_come_back_as_they_were(alice: Colleague, survey: Survey) -> None:
    page = choose(alice, survey, what_en="".join(c for c in ALL_AT_ONCE if c.isprintable()))
    assert page.status == 422
    assert as_shown("<script>alert(1)</script>") in as_shown(page.form()["what_en"])
    assert foreign(page.tree) == []


def test_a_stranger_and_an_agent_change_nothing(
    charlie: Colleague, bob: Colleague, alice: Colleague, survey: Survey, pool: Pool
) -> None:
    for who, status in ((charlie, 404), (bob, 403)):
        assert who.get(where(survey)).status_code == status
        assert who.post(where(survey), data=RULE | {"rule": "nth"}).status_code == status
        assert who.post(f"{where(survey)}/codes", data={"codes": "A"}).status_code == status
    db.session.refresh(pool)
    assert (pool.rule, kept()) == ("all", [])


@pytest.mark.parametrize("id", ["0", "999999", str(2**63), "x"])
def test_a_survey_that_is_not_there_has_no_rewards(alice: Colleague, survey: Survey, id: str) -> None:
    assert alice.get(f"/surveys/{id}/rewards").status_code == 404
    assert alice.post(f"/surveys/{id}/rewards/codes", data={"codes": "A"}).status_code == 404


def test_an_old_window_does_not_start_a_second_pool(alice: Colleague, survey: Survey, pool: Pool) -> None:
    choose(alice, survey, low_at="7")
    choose(alice, survey, low_at="9")
    assert db.session.scalars(select(Pool.low_at)).all() == [9]
