"""What the page of a survey asks, in which language, what it promises, and what an address may say beforehand."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from core.db import writing
from surveys.builder.building import ReplyTime, create_survey, open_survey
from surveys.models import Survey
from tests.cast import Cast
from tests.each import each
from tests.loop import QUESTIONS, opened_survey
from tests.pages import Page, get, send
from tests.surveys.answers import responses


@pytest.mark.parametrize(("reply", "english", "dutch"), [
    (ReplyTime(1), "within a working day", "binnen 1 werkdag"), (ReplyTime(5), "within 5 working days", "binnen 5 werkdagen"),
    (ReplyTime(None, 1), "within an hour", "binnen 1 uur"), (ReplyTime(None, 48), "within 48 hours", "binnen 48 uur"),
])  # fmt: skip
def test_what_anybody_may_expect_stands_on_top(
    client: FlaskClient, people: Cast, now: datetime, reply: ReplyTime, english: str, dutch: str
) -> None:
    with writing():
        opened_survey(people, now, reply=reply)
    assert english in get(client, "/s/bestelling").words
    assert dutch in get(client, "/s/bestelling?lang=nl").words


@each(("asked", "accepted", "language"), [
    ("", "nl", "nl"), ("", "en", "en"), ("", "de", "nl"), ("", "", "nl"), ("", "de, en;q=0.5", "en"), ("", "en-GB", "en"),
    ("nl", "en", "nl"), ("en", "nl", "en"), ("de", "en", "en"), ("NL", "en", "en"), ("../x", "nl", "nl"), ("nl\x00", "en", "en"),
])  # fmt: skip
def test_the_language_is_asked_for_or_the_browsers_or_the_surveys(
    client: FlaskClient, survey: Survey, asked: str, accepted: str, language: str
) -> None:
    page = client.get("/s/bestelling", query_string={"lang": asked}, headers={"Accept-Language": accepted})
    assert f'<html lang="{language}"' in page.text
    assert {"nl": "Hoe tevreden bent u?", "en": "How satisfied are you?"}[language] in page.text


def test_a_survey_in_one_language_is_asked_in_that_one(
    client: FlaskClient, people: Cast, now: datetime
) -> None:
    with writing():
        survey = create_survey(
            people.webshop.id, "alleen", {"nl": "Alleen Nederlands"}, "nl", people.alice.id, QUESTIONS, now
        )
        open_survey(survey, now)
    page = get(client, "/s/alleen?lang=en")
    assert 'lang="nl"' in page.html
    assert "Alleen Nederlands" in page.words


def test_an_answer_is_kept_in_the_language_it_was_given_in(client: FlaskClient, survey: Survey) -> None:
    for language in ("nl", "en"):
        send(client, get(client, f"/s/bestelling?lang={language}"), csat="4", contact__wants="page")
    assert [r.language for r in responses()] == ["nl", "en"]


PRESELECTED: list[tuple[str, str, dict[str, str]]] = [
    ("csat=4", "csat", {"csat": "4"}),
    ("nps=10", "nps", {"nps": "10"}),
    ("kept=no", "kept", {"kept": "no"}),
    ("about=2", "about", {"about": "2"}),
    ("order=A-17", "order", {"order": "A-17"}),
    ("comment=It+broke.", "comment", {"comment": "It broke."}),
    ("csat=4&nps=0&order=x", "all at once", {"csat": "4", "nps": "0", "order": "x"}),
    ("csat=4&csat=5", "the first of two", {"csat": "4"}),
]


@each(("asked", "held"), [(asked, held) for asked, _, held in PRESELECTED])
def test_an_address_says_answers_beforehand(
    client: FlaskClient, long_survey: Survey, asked: str, held: dict[str, str]
) -> None:
    form = get(client, f"/s/alles?{asked}").form()
    assert {name: form[name] for name in held} == held
    assert responses() == []


@each("asked", [
    "csat=9", "csat=", "csat=4%00", "csat[]=4", "CSAT=4", "about=3", "kept=maybe", "nps=11", "nps=-1", "unknown=4", "csat=%ED%A0%80",
    "contact-email=evil%40example.com", "contact-wants=none", "contact=x", "terugkoppel-token=x", "terugkoppel-website=x", "terugkoppel-website=",
])  # fmt: skip
def test_an_address_says_nothing_that_was_not_asked(
    client: FlaskClient, long_survey: Survey, asked: str
) -> None:
    plain, said = get(client, "/s/alles").form(), get(client, f"/s/alles?{asked}").form()
    assert said.pop("terugkoppel-token") != plain.pop("terugkoppel-token")
    assert said == plain


def test_a_name_that_is_one_of_ours_beforehand_is_only_words(
    client: FlaskClient, long_survey: Survey
) -> None:
    page = get(
        client,
        "/s/alles",
        query_string={"order": '"><script>alert(1)</script>', "comment": "</textarea><script>"},
    )
    assert "<script>alert" not in page.html
    assert page.form()["order"] == '"><script>alert(1)</script>'


def test_what_stood_in_the_address_stays_after_a_mistake(client: FlaskClient, long_survey: Survey) -> None:
    back = Page(send(client, get(client, "/s/alles?lang=nl&order=A-17")))
    assert back.status == 422
    assert back.form()["order"] == "A-17"
    assert 'lang="nl"' in back.html


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_only_a_post_answers(client: FlaskClient, survey: Survey, method: str) -> None:
    assert client.open("/s/bestelling", method=method, data={"csat": "4"}).status_code == 405
    assert responses() == []


@each(
    "slug",
    [
        "Bestelling",
        "bestelling%00",
        "bestelling/",
        "x" * 61,
        "%C3%A9",
        "' OR 1=1--",
        "..%2Fs",
        "bestelling%20",
    ],
)
def test_an_address_is_exact(client: FlaskClient, survey: Survey, slug: str) -> None:
    assert client.get(f"/s/{slug}").status_code == 404
