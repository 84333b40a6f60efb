"""What may be a password: long things, and not what everybody tries first."""

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.passwords import LIMIT, faults
from core.settings import ROOT
from tests.accounts.staff import PASSWORD, with_password
from tests.browser import Colleague, signed_in
from tests.cast import Cast
from tests.each import each

COMMON = (
    "password", "Password1", "P@ssw0rd!", "wachtwoord", "Wachtwoord123", "W4chtw00rd!", "welkom01", "Welkom2026!", "welcome123",
    "12345678", "123456789", "1234567890123456", "qwertyuiop", "qwerty123", "asdfghjkl", "azertyuiop", "abcdefgh", "11111111",
    "aaaaaaaa", "abababab", "!!!!!!!!!", "feyenoord1", "Amsterdam020", "geheim1234", "zomer2026", "Lente2026!", "iloveyou", "letmein1",
    "admin123", "beheerder1", "monkey12", "terugkoppel", "Terugkoppel1!", "klantenservice", "poiuytrewq", "welkomwelkom", "2026-11-22",
)  # fmt: skip
GOOD = (
    "correct horse battery staple", "vier woorden op een rij", "four words in a row", "Zebra-kaas-fiets-7", "gJ7#kq!zP2", "een lange zin",
    "ĳsberen op de Noordpool", "パスワードではない", "🐘🦒🐢🦓🐙🦉🐌🦔🐍", "x" * 3 + "kwark met bessen",
)  # fmt: skip


@each("password", COMMON)
def test_what_everybody_tries_is_refused(app: Flask, password: str) -> None:
    assert faults(password)


def test_none_of_the_ten_thousand_most_used_is_taken(app: Flask) -> None:
    most_used = (ROOT / "accounts" / "common_passwords.txt").read_text().split()
    assert len(most_used) > 9_900
    assert [word for word in most_used[::50] if not faults(word)] == []


@each("password", [*GOOD, "a quiet sentence " * 6])
def test_what_somebody_makes_up_is_taken(app: Flask, password: str) -> None:
    assert faults(password) == []


@pytest.mark.parametrize(
    ("length", "sound"), [(7, False), (8, True), (64, True), (LIMIT, True), (LIMIT + 1, False)]
)
def test_the_length_has_bounds(app: Flask, length: int, sound: bool) -> None:
    password = ("zu2 kw9 fb4 xy7 mq1 " * 60)[:length]
    assert (faults(password) == []) is sound


@pytest.mark.parametrize("password", ["Alice2026!", "adamsalice", "webshop123", "alice.adams"])
def test_ones_own_name_and_address_are_refused(app: Flask, password: str) -> None:
    assert faults(password, ["Alice Adams", "alice@webshop.example"])
    assert faults("kwark met bessen", ["Alice Adams", "alice@webshop.example"]) == []


@given(st.text(max_size=1200))
@settings(max_examples=100, deadline=None)
def test_whatever_is_typed_gets_an_answer(password: str) -> None:
    from accounts.passwords import _is_common

    _is_common(password.casefold(), ["Alice Adams"])


def change(bob: Colleague, present: str, new: str, again: str | None = None) -> tuple[int, str]:
    typed = {
        "password": present,
        "new_password": new,
        "new_password_confirm": new if again is None else again,
    }
    answer = bob.post("/settings/password", data=typed)
    return answer.status_code, answer.text


def test_changing_asks_for_the_present_one(app: Flask, people: Cast) -> None:
    with_password(app, people.bob)
    bob = signed_in(app, people.bob)
    assert "not your present password" in change(bob, "something else", "kwark met bessen")[1]
    assert "at least 8 characters" in change(bob, PASSWORD, "kwark")[1]
    assert "first that somebody else would try" in change(bob, PASSWORD, "Welkom2026!")[1]
    assert "first that somebody else would try" in change(bob, PASSWORD, "bobbakker")[1]
    assert "not the same" in change(bob, PASSWORD, "kwark met bessen", "kwark met besjes")[1]
    assert "same as the present" in change(bob, PASSWORD, PASSWORD)[1]
    assert change(bob, PASSWORD, "kwark met bessen")[0] == 303


def test_a_wrong_form_is_422_and_shows_no_password(app: Flask, people: Cast) -> None:
    with_password(app, people.bob, "one two three four")
    status, page = change(signed_in(app, people.bob), "one two three four", "kwark")
    assert status == 422
    assert "one two three four" not in page
    assert 'value="kwark"' not in page
