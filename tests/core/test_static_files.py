"""A file's address changes with its content, so a browser may keep it for good."""

from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from core import static_files
from core.headers import STEADY


@pytest.fixture
def address(app: Flask) -> str:
    with app.test_request_context():
        return url_for("static", filename="css/app.css")


def test_a_browser_keeps_it_for_good(client: FlaskClient, address: str) -> None:
    answer = client.get(address, buffered=True)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert {name: answer.headers.get(name) for name in STEADY} == STEADY


def test_a_stylesheet_finds_its_typefaces_beside_it(client: FlaskClient, address: str) -> None:
    folder = address.removesuffix("css/app.css") + "vendor/fonts/"
    face = client.get(folder + "source-sans-3-latin-wght-normal.woff2", buffered=True)
    assert (
        'url("source-sans-3-latin-wght-normal.woff2")'
        in client.get(folder + "screen.css", buffered=True).text
    )
    assert "immutable" in face.headers["Cache-Control"]


def test_a_file_that_is_not_there_is_not_kept(client: FlaskClient, address: str) -> None:
    for wrong in (address.replace("app.css", "none.css"), "/static/0123456789/css/app.css"):
        answer = client.get(wrong)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_any_byte_changes_the_address(tmp_path: Path) -> None:
    file = tmp_path / "static" / "css" / "app.css"
    file.parent.mkdir(parents=True)
    addresses = []
    for content in (b"", b"a", b"b"):
        file.write_bytes(content)
        addresses.append(static_files.address(tmp_path))
    file.rename(file.with_name("other.css"))
    addresses.append(static_files.address(tmp_path))
    assert len(set(addresses)) == len(addresses)
