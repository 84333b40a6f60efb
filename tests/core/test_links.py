"""Links are computed, never stored: a genuine one opens one page of one purpose, and nothing else opens anything."""

from datetime import datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from core import links
from core.ids import LAST
from core.settings import Settings

OLD, NEW = "an old key that is long enough to be one", "a new key that is long enough to be one"


def is_refused(token: str, purpose: str = "status") -> bool:
    try:
        links.read(token, purpose)
    except NotFound:
        return True
    return False


def test_a_genuine_link_says_which_row_and_which_version(app: Flask) -> None:
    assert links.read(links.token("status", 17, 3), "status") == (17, 3)


def test_a_token_fits_an_address_in_small_letters(app: Flask) -> None:
    token = links.token("bounce", 10**17, 10**8)
    assert token == token.lower()
    assert len(f"b+{token}") <= 64


@pytest.mark.settings(public_url="https://feedback.example.org/")
def test_an_address_begins_with_the_public_one(app: Flask) -> None:
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        assert links.url("status", 1).startswith("https://feedback.example.org/f/1.1.")


def test_one_character_more_less_or_other_opens_nothing(app: Flask) -> None:
    token = links.token("status", 17)
    others = {token[:n] + c + token[n + 1 :] for n in range(len(token)) for c in "a7.A"} - {token}
    shorter = {token[:n] + token[n + 1 :] for n in range(len(token))}
    longer = {token[:n] + c + token[n:] for n in range(len(token) + 1) for c in "a71=."}
    assert [t for t in others | shorter | longer if not is_refused(t)] == []


def test_another_way_to_write_it_opens_nothing(app: Flask) -> None:
    token = links.token("status", 17)
    rest = token.removeprefix("17")
    spoilt = [
        token.upper(), f" {token}", f"{token}\n", f"{token}=", f"{token}======", f"{token}\x00", f"0{token}", f"+{token}",
        f"017{rest}", f"１７{rest}", f"{LAST + 1}{rest}", "9" * 5000 + rest, token.replace(".1.", ".01."), "", "17.1.", "..",
    ]  # fmt: skip
    assert [t for t in spoilt if not is_refused(t)] == []


def test_a_link_opens_only_what_it_is_for(app: Flask) -> None:
    purposes = ("status", "invitation", "unsubscribe", "survey", "bounce")
    opened = {
        (made, used) for made in purposes for used in purposes if not is_refused(links.token(made, 17), used)
    }
    assert opened == {(purpose, purpose) for purpose in purposes}


def test_another_row_or_version_has_another_proof(app: Flask) -> None:
    proofs = {
        links.token("status", id, version).rpartition(".")[2]
        for id in range(1, 30)
        for version in range(1, 30)
    }
    assert len(proofs) == 29 * 29


@effort(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.from_regex(r"[0-9]{1,3}\.[0-9]{1,2}\.[a-z2-7]{26}", fullmatch=True))
def test_nothing_made_up_opens_anything(token: str) -> None:
    with _app().app_context():
        assert is_refused(token)


def _app(**values: object) -> Flask:
    """No database: a link needs none."""
    app = Flask("links")
    app.config["SETTINGS"] = Settings(secret_key=NEW, **values)  # type: ignore[arg-type]
    return app


def test_a_link_survives_the_change_of_the_key_until_the_old_one_goes() -> None:
    with _app(secret_key_fallbacks=()).app_context():
        fresh = links.token("status", 17)
    app = _app()
    app.config["SETTINGS"] = Settings(secret_key=OLD)
    with app.app_context():
        sent = links.token("status", 17)
        assert is_refused(fresh)
    with _app(secret_key_fallbacks=(OLD,)).app_context():
        assert links.read(sent, "status") == links.read(fresh, "status") == (17, 1)
        assert links.token("status", 17) == fresh
    with _app().app_context():
        assert is_refused(sent)


def test_what_is_stored_of_a_link_is_worth_nothing_and_becomes_the_link_again(app: Flask) -> None:
    words = f'{{"a": "{links.url("status", 17, 2)}", "b": "{links.url("unsubscribe", 4)}", "c": "/f/17.2.{"a" * 26}"}}'
    stored = links.without_tokens(words)
    assert links.token("status", 17, 2) not in stored
    assert links.token("unsubscribe", 4) not in stored
    assert links.with_tokens(stored) == words


def test_an_address_is_known_by_a_keyed_hash(app: Flask, now: datetime) -> None:
    found = links.keyed_hash("rita@example.com")
    assert (
        len(found),
        found == links.keyed_hash("rita@example.com"),
        found == links.keyed_hash("piet@example.com"),
    ) == (64, True, False)
