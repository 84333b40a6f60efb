"""How much a page takes is said beside its view, and judged before anything is read."""

import pytest
from flask import Flask, request

from core.access import public
from core.uploads import MEGABYTE, takes


@pytest.fixture
def large(app_of_its_own: Flask) -> Flask:
    """An application with a page that takes two megabytes, and one that says nothing."""

    def count() -> str:
        return str(len(request.form.get("words", "")))

    def usual() -> str:
        return count()

    app_of_its_own.add_url_rule("/large", "large", takes(2)(public(count)), methods=["POST"])
    app_of_its_own.add_url_rule("/usual", "usual", public(usual), methods=["POST"])
    return app_of_its_own


def test_a_page_that_says_so_takes_more_than_others(large: Flask) -> None:
    words = "x" * (MEGABYTE + MEGABYTE // 2)
    assert large.test_client().post("/large", data={"words": words}).text == str(len(words))
    assert large.test_client().post("/usual", data={"words": words}).status_code == 413


def test_above_its_own_bound_it_says_how_much_it_takes(large: Flask) -> None:
    answer = large.test_client().post("/large", data={"words": "x" * (2 * MEGABYTE + 1)})
    assert answer.status_code == 413
    assert "2 MB" in answer.text


def test_a_length_that_is_only_said_is_refused_before_it_is_read(large: Flask) -> None:
    said = {"CONTENT_LENGTH": str(50 * MEGABYTE)}
    assert large.test_client().post("/large", data={"words": "x"}, environ_overrides=said).status_code == 413
