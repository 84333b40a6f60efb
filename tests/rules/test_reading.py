"""Opening a page changes nothing, whoever opens it and however (R35): the trap of mail scanners and prefetching browsers."""

import pytest

from core.db import db, writing
from core.models import Beat
from tests.rules.matrix_rows import LINK
from tests.rules.tripwire import nothing_written
from tests.rules.world import World, all_routes

PAGES = sorted({rule for _, method, rule in all_routes() if method == "GET"})
LINKS = [rule for rule in PAGES if rule.endswith("<token>")]


@pytest.mark.parametrize("rule", PAGES)
def test_opening_it_writes_nothing(world: World, rule: str) -> None:
    address, _rows = world.filled(rule)
    with nothing_written(world):
        for who in ("stranger", "admin", "key admin"):
            for method in ("GET", "HEAD", "OPTIONS"):
                assert world.ask(who, method, address).status_code < 500


@pytest.mark.parametrize("rule", PAGES)
def test_a_head_is_a_get_without_its_body(world: World, rule: str) -> None:
    address, _rows = world.filled(rule)
    get, head = (world.ask("admin", method, address) for method in ("GET", "HEAD"))
    assert (head.status_code, head.mimetype, head.data) == (get.status_code, get.mimetype, b"")


@pytest.mark.parametrize("rule", PAGES)
def test_words_behind_a_question_mark_write_nothing_and_break_nothing(world: World, rule: str) -> None:
    address, _rows = world.filled(rule)
    asked = "?q=%00&after=owed~1~2026-01-01~0&before=-1&state=x&kind=%27&survey=%2F&lang=xx&due=x&theme=%ED%A0%80&limit=1e309&find=%25"
    with nothing_written(world):
        for who in ("stranger", "admin", "key admin"):
            assert world.ask(who, "GET", address + asked).status_code < 500


@pytest.mark.security("scanner")
@pytest.mark.parametrize("rule", LINKS)
def test_a_scanner_that_follows_every_link_does_nothing(world: World, rule: str) -> None:
    """R17: a look at the page, all links of it at once, and a form sent without having been opened."""
    address, _rows = world.filled(rule)
    with nothing_written(world):
        for method in ("HEAD", "GET", "GET"):
            assert world.ask("stranger", method, address).status_code == 200
        for body in ({}, {"clear": "yes"}, {"solved": "no", "words": "x"}, {"form_token": "x"}):
            assert world.ask("stranger", "POST", address, data=body).status_code in {400, 409, 422}


@pytest.mark.security("token not verified")
@pytest.mark.parametrize("rule", LINKS)
def test_a_link_that_is_a_character_off_is_a_strangers(world: World, rule: str) -> None:
    address, _rows = world.filled(rule)
    if LINK in address:
        pytest.skip("a one-time link says that it is used, or unknown, in the same words")
    stem, token = address.rsplit("/", 1)
    id, version, mac = token.split(".")
    wrong = [
        token[:-1], token + "a", token.upper(), f" {token}", f"{token}%20", f"{id}.{int(version) + 1}.{mac}", f"0{token}",
        f"{int(id) + 1}.{version}.{mac}", f"{id}.{version}.{mac[::-1]}", f"{id}.{version}.", f"{id}.{version}.{'a' * 26}", "%00", "..",
        f"{id}.{version}.{mac}=", f"-{token}", f"{2**64}.{version}.{mac}", mac, f"{id}..{mac}",
    ]  # fmt: skip
    with nothing_written(world):
        for text in wrong:
            for method in ("GET", "POST"):
                answer = world.ask(
                    "stranger", method, f"{stem}/{text}", data={"List-Unsubscribe": "One-Click"}
                )
                assert answer.status_code in {404, 405}, text


@pytest.mark.security("token not verified")
def test_a_link_opens_only_what_it_is_for(world: World) -> None:
    tokens = {
        rule: world.filled(rule)[0].rsplit("/", 1)[1] for rule in LINKS if not rule.startswith("/sign-in")
    }
    for rule in tokens:
        for other in tokens.keys() - {rule}:
            swapped = rule.replace("<token>", tokens[other])
            assert {world.ask("stranger", m, swapped).status_code for m in ("GET", "POST")} == {404}


def test_the_tripwire_would_ring(world: World) -> None:
    ringing = pytest.raises(AssertionError, match="something was written")
    with ringing, nothing_written(world), world.app.app_context(), writing():
        db.session.query(Beat).update({"error": "rung"})
    with world.app.app_context(), writing():
        db.session.query(Beat).update({"error": None})
