"""The bounds of a form for strangers, and words that are meant to do harm."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import writing
from core.errors import DomainError
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.models import Survey
from tests.cast import Cast
from tests.pages import Page, send
from tests.surveys.answers import opened, responses, values


@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 422), (64 * 1024 + 1, 413)])
def test_a_body_up_to_64_kB(client: FlaskClient, survey: Survey, size: int, status: int) -> None:
    body = "comment=".ljust(size, "x")
    answer = client.post("/s/bestelling", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status
    assert ("Go back: your words are still there." in answer.text) == (status == 413)
    assert responses() == []


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize(("parts", "status"), [(50, 422), (51, 413)])
def test_up_to_50_parts(client: FlaskClient, survey: Survey, parts: int, status: int, kind: str) -> None:
    answer = client.post("/s/bestelling", data={f"part{n}": "x" for n in range(parts)}, content_type=kind)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("asked", "parts", "status"),
    [(60, 63, 422), (60, 64, 413), (147, 150, 422), (147, 151, 413), (20, 50, 422), (20, 51, 413)],
)
def test_as_many_parts_as_a_long_survey_asks(
    client: FlaskClient, people: Cast, now: datetime, asked: int, parts: int, status: int
) -> None:
    boxes = [{"key": str(n), "words": {"nl": str(n)}} for n in range(asked)]
    with writing():
        long = create_survey(people.webshop.id, "lang", {"nl": "Lang"}, "nl", people.alice.id,
                             [Draft("all", "multiple_choice", {"nl": "Alles?"}, options={"choices": boxes})], now)  # fmt: skip
        open_survey(long, now)
    assert client.post("/s/lang", data={f"part{n}": "x" for n in range(parts)}).status_code == status


def test_one_more_than_the_longest_form_cannot_be_made(people: Cast, now: datetime) -> None:
    boxes = [{"key": str(n), "words": {"nl": str(n)}} for n in range(148)]
    with pytest.raises(DomainError, match="147 things at most"), writing():
        create_survey(people.webshop.id, "lang", {"nl": "Lang"}, "nl", people.alice.id,
                      [Draft("all", "multiple_choice", {"nl": "Alles?"}, options={"choices": boxes})], now)  # fmt: skip


def test_other_kinds_of_body_are_an_empty_form(client: FlaskClient, survey: Survey) -> None:
    assert client.post("/s/bestelling", json={"csat": 3}).status_code == 422
    assert responses() == []


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "{{7*7}}", "{% raw %}", "${jndi:ldap://x}", "=cmd|' /C calc'!A0",
    "a\u202eb", "x" + "\u0301" * 1000, "\u200d" * 200, "a\u2028b\u2029c", "%s%n", "' OR 1=1--", "\n" * 4000, "javascript:alert(1)",
])  # fmt: skip
def test_hostile_words_are_words(client: FlaskClient, survey: Survey, text: str) -> None:
    back = Page(send(client, opened(client), comment=text, contact__wants="page"))
    assert back.form()["comment"].lstrip("\n") == text.lstrip("\n"), "shown as typed, after a mistake"
    assert "<script>alert" not in back.html
    assert "<img src=x" not in back.html
    answer = send(client, back, csat="1", comment=text)
    assert values(responses()[0]).get("comment", "") == (text if text.strip() else "")
    own = client.get(answer.location)
    assert own.status_code == 200
    assert "<script>alert" not in own.text
    assert "<img src=x" not in own.text


def test_light_enough_for_a_phone_on_a_bad_line(app: Flask, client: FlaskClient, survey: Survey) -> None:
    assert len(opened(client).html) < 12_000
