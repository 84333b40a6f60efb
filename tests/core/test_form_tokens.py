"""A form that strangers fill in carries a signed token with a nonce: for one purpose, for four weeks."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from core import form_tokens
from core.errors import DomainError
from core.settings import Settings, settings


def is_refused(token: str, purpose: str = "survey:a") -> bool:
    try:
        form_tokens.nonce(purpose, token)
    except DomainError as refusal:
        return "please send them again" in refusal.sentence
    return False


@pytest.fixture(autouse=True)
def english(app: Flask) -> object:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield


def test_each_page_has_a_nonce_of_its_own(app: Flask) -> None:
    nonces = {form_tokens.nonce("survey:a", form_tokens.issue("survey:a")) for _ in range(100)}
    assert len(nonces) == 100
    assert all(len(nonce) >= 20 for nonce in nonces)


def test_the_same_page_has_the_same_nonce(app: Flask) -> None:
    token = form_tokens.issue("survey:a")
    assert form_tokens.nonce("survey:a", token) == form_tokens.nonce("survey:a", token)


def test_it_is_the_librarys_own_signature(app: Flask) -> None:
    keys = ["an old key that is long enough, of before", settings().keys[0]]
    plain = TimestampSigner(keys, salt="form:survey:a")
    assert form_tokens.nonce("survey:a", plain.sign("a-nonce").decode()) == "a-nonce"
    assert len(plain.unsign(form_tokens.issue("survey:a"))) >= 20


def test_pages_that_were_opened_before_an_upgrade_are_taken(app: Flask) -> None:
    before = URLSafeTimedSerializer(settings().keys[0], salt="form:survey:a")
    assert form_tokens.nonce("survey:a", before.dumps("a nonce"))


def test_a_token_is_good_for_one_purpose(app: Flask) -> None:
    assert is_refused(form_tokens.issue("survey:b"))


def test_a_changed_token_is_refused(app: Flask) -> None:
    token = form_tokens.issue("survey:a")
    changed = {token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :] for n in range(len(token) - 1)}
    assert [
        t for t in changed | {"", ".", "a.b.c", token[:-1], f"{token}A", "é", "\x00"} if not is_refused(t)
    ] == []


def test_a_page_may_be_open_for_four_weeks(app: Flask, now: datetime) -> None:
    with time_machine.travel(now, tick=False) as time:
        token = form_tokens.issue("survey:a")
        time.shift(timedelta(days=28))
        assert not is_refused(token)
        time.shift(timedelta(seconds=2))
        assert is_refused(token)


def test_a_page_that_was_open_while_the_key_changed_can_still_be_sent(app: Flask) -> None:
    token, held = form_tokens.issue("survey:a"), app.config["SETTINGS"]
    app.config["SETTINGS"] = Settings(
        secret_key="another key that is long enough too", secret_key_fallbacks=(held.secret_key,)
    )
    assert not is_refused(token)
    app.config["SETTINGS"] = Settings(secret_key="another key that is long enough too")
    assert is_refused(token)


def test_a_page_reads_the_nonce_or_what_to_say_on_top_of_its_form(app: Flask) -> None:
    token, on_top = form_tokens.issue("survey:a"), ["Nothing is filled in yet."]
    assert form_tokens.nonce_or_say("survey:a", token, on_top) == form_tokens.nonce("survey:a", token)
    assert on_top == ["Nothing is filled in yet."]
    assert form_tokens.nonce_or_say("survey:b", token, on_top) == ""
    assert ["please send them again" in sentence for sentence in on_top] == [False, True]


def test_a_page_may_have_its_own_words_for_it(app: Flask) -> None:
    on_top: list[str] = []
    assert form_tokens.nonce_or_say("survey:a", "forged", on_top, "This page is an old one.") == ""
    assert on_top == ["This page is an old one."]
