"""Whatever a query asks for, and whatever words it gives back."""

import pytest
from flask import Flask

from tests.api.programs import API, Program
from tests.api.test_every_field import ready
from tests.hostile import WORDS, as_kept

__all__ = ["ready"]


def test_words_come_back_byte_for_byte(ready: Program, subtests: pytest.Subtests) -> None:
    for name, words in WORDS.items():
        with subtests.test(name):
            ready.answered(comment=words)
            kept = ready.get("/comments?limit=500")["data"][-1]["text"]
            assert kept == as_kept(words)


@pytest.mark.parametrize("path", ["/surveys", "/comments", "/themes", "/ledger", "/rounds"])
def test_a_query_may_be_anything(ready: Program, app: Flask, path: str, subtests: pytest.Subtests) -> None:
    for name in ("after", "limit", "survey", "state", "emotion", "theme", "q", "unknown"):
        for value in (
            "",
            "0",
            "-1",
            str(2**63),
            "1e309",
            "NaN",
            "\x00",
            "\ud800".encode("utf-8", "surrogatepass"),
            "%",
            "'",
            "é" * 300,
            "../x",
        ):
            with subtests.test(f"{name}={value!r}"[:60]):
                answer = ready.client.get(
                    API + path, query_string={name: value}, headers={"Authorization": f"Bearer {ready.key}"}
                )
                assert answer.status_code in {200, 404, 422}


def test_a_parameter_that_comes_twice_is_read_once(ready: Program) -> None:
    found = ready.get("/comments?limit=1&limit=500&state=open&state=settled")
    assert len(found["data"]) == 1
