"""Text is compressed for strangers and for files; never for whoever brought something to steal."""

import gzip
from datetime import datetime

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.db import writing
from tests.browser import signed_in
from tests.cast import Cast
from tests.loop import opened_survey
from tests.surveys.answers import opened

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def packed(answer: TestResponse) -> bool:
    return answer.headers.get("Content-Encoding") == "gzip"


@pytest.fixture
def page(people: Cast, now: datetime) -> str:
    with writing():
        opened_survey(people, now)
    return "/s/bestelling"


def test_a_public_page_is_the_same_page_in_fewer_bytes(client: FlaskClient, page: str) -> None:
    answer, plain = client.get(page, headers=GZIP), client.get(page)
    assert packed(answer)
    assert not packed(plain)
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(plain.data) / 2
    assert gzip.decompress(answer.data).endswith(plain.data[-200:])


def test_a_cache_between_us_keeps_the_two_apart(client: FlaskClient, page: str) -> None:
    for headers in (GZIP, {}):
        assert "Accept-Encoding" in client.get(page, headers=headers).headers["Vary"]


@pytest.mark.parametrize("said", ["identity", "gzip;q=0", "br"])
def test_only_for_whoever_takes_it(client: FlaskClient, page: str, said: str) -> None:
    assert not packed(client.get(page, headers={"Accept-Encoding": said}))


def test_not_for_whoever_is_signed_in(app: Flask, people: Cast, page: str) -> None:
    """A staff page holds a form token that stays the same: its length must not speak of it (BREACH)."""
    alice = signed_in(app, people.alice)
    for path in ("/inbox", page):
        assert not packed(alice.get(path, headers=GZIP))


@pytest.mark.parametrize("brought", [{"Authorization": "Bearer key"}, {"x-api-key": "key"}])
def test_not_with_a_key(client: FlaskClient, page: str, brought: dict[str, str]) -> None:
    assert not packed(client.get(page, headers=GZIP | brought))


def test_not_with_a_cookie_of_any_kind(client: FlaskClient, page: str) -> None:
    client.set_cookie("any", "thing")
    assert not packed(client.get(page, headers=GZIP))


def test_two_pages_share_no_secret_that_a_length_could_tell(client: FlaskClient, page: str) -> None:
    """The form token is new each time; what BREACH needs is one that stays."""
    tokens = {opened(client, page).form()["terugkoppel-token"] for _visit in range(3)}
    assert len(tokens) == 3


def test_a_file_is_packed_and_still_known_by_its_tag(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = url_for("static", filename="css/public.css")
    answer = client.get(address, headers=GZIP)
    assert packed(answer)
    assert gzip.decompress(answer.data) == client.get(address, buffered=True).data
    again = client.get(address, headers=GZIP | {"If-None-Match": answer.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_about_a_missing_file_is_a_fresh_one_each_time(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = url_for("static", filename="css/none.css")
    first, second = (client.get(address, headers=GZIP) for _ask in range(2))
    assert first.status_code == second.status_code == 404
    assert gzip.decompress(first.data) != gzip.decompress(second.data), "each has a nonce of its own"


def test_a_typeface_and_a_few_words_stay_as_they_are(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        face = url_for("static", filename="vendor/fonts/source-sans-3-latin-wght-normal.woff2")
    assert not packed(client.get(face, headers=GZIP, buffered=True))
    assert not packed(client.get("/healthz?part=web", headers=GZIP))
