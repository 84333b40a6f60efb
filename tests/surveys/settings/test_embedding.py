"""A survey in a page of another site: only of sites that its manager named, without a cookie, and with a way to one's own page."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from core.db import db, writing
from core.errors import DomainError
from surveys.builder.copying import copy_survey
from surveys.models import Survey
from surveys.settings.embedding import MOST, choose_origins, origin, snippet
from tests import hostile
from tests.browser import Colleague
from tests.each import each
from tests.pages import Page, get, send
from tests.surveys.answers import opened

SITE, OTHER = "https://www.example.org", "https://shop.example.org:8443"
FRAMED = "/s/bestelling?embed=1"


@pytest.fixture
def framed(survey: Survey, now: datetime) -> Survey:
    with writing():
        choose_origins(survey, f"{SITE}\n{OTHER}", now)
    return survey


def ancestors(answer: object) -> str:
    policy = str(answer.headers["Content-Security-Policy"])  # type: ignore[attr-defined]
    return policy.split("frame-ancestors ")[1].split(";", maxsplit=1)[0]


def test_only_the_sites_that_were_named_may_show_it_and_only_when_asked_to(
    client: FlaskClient, framed: Survey
) -> None:
    assert ancestors(client.get(FRAMED)) == f"{SITE} {OTHER}"
    for address in (
        "/s/bestelling",
        "/s/bestelling?embed=0",
        "/s/bestelling?embed=",
        "/s/bestelling?embed=1x",
    ):
        assert ancestors(client.get(address)) == "'none'", address


def test_a_survey_that_named_no_site_is_shown_nowhere(client: FlaskClient, survey: Survey) -> None:
    answer = client.get(FRAMED)
    assert ancestors(answer) == "'none'"
    assert "<script" not in answer.text


def test_also_what_could_not_be_taken_and_what_is_closed_may_be_shown(
    client: FlaskClient, framed: Survey, now: datetime
) -> None:
    refused = send(client, opened(client, FRAMED), csat="")
    assert (refused.status_code, ancestors(refused)) == (422, f"{SITE} {OTHER}")
    with writing():
        framed.closed_at = now
    closed = client.get(FRAMED)
    assert (closed.status_code, ancestors(closed)) == (410, f"{SITE} {OTHER}")


def test_a_script_runs_in_the_frame_alone_and_knows_whom_it_may_tell(
    client: FlaskClient, framed: Survey
) -> None:
    (script,) = list(opened(client, FRAMED).tree.iter("script"))
    assert script.attrib["data-to"] == f"{SITE} {OTHER}"
    assert "<script" not in client.get("/s/bestelling").text


def test_nothing_about_it_sets_a_cookie(client: FlaskClient, framed: Survey) -> None:
    for address in (FRAMED, "/embed.js"):
        assert "Set-Cookie" not in client.get(address).headers


def test_after_an_answer_there_is_a_way_to_ones_own_page_in_a_window_of_its_own(
    client: FlaskClient, framed: Survey
) -> None:
    sent = send(client, opened(client, FRAMED), csat="2", contact__wants="page")
    assert sent.status_code == 303
    page = get(client, sent.location)
    assert page.heading == "Your answer arrived"
    assert ancestors(page) == f"{SITE} {OTHER}"
    own = page.links()["Your own page"]
    assert client.get(own).status_code == 200
    assert ancestors(client.get(own)) == "'none'"
    assert "data-answered" in page.html


def test_without_a_frame_an_answer_leads_to_ones_own_page_as_ever(
    client: FlaskClient, framed: Survey
) -> None:
    sent = send(client, opened(client), csat="2", contact__wants="page")
    assert sent.location.startswith("/f/")


def test_the_page_after_an_answer_leads_to_genuine_pages_alone(client: FlaskClient, framed: Survey) -> None:
    sent = send(client, opened(client, FRAMED), csat="2", contact__wants="page")
    assert client.get(sent.location.replace("bestelling", "anders")).status_code == 404
    for token in ("x", "1.1." + "a" * 26, "//evil.example", "javascript:alert(1)"):
        assert (
            client.get("/s/bestelling/answered", query_string={"embed": "1", "own": token}).status_code == 404
        )
    without = get(client, "/s/bestelling/answered?embed=1")
    assert (without.heading, "Your own page" in without.links()) == ("Your answer arrived", False)
    assert "aangekomen" in get(client, "/s/bestelling/answered?in=nl").heading
    assert get(client, "/s/bestelling/answered?in=tlh").status == 200


def test_the_script_of_other_sites_is_kept_for_an_hour_and_is_no_page(client: FlaskClient) -> None:
    answer = client.get("/embed.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "event.origin !== origin" in answer.text


def test_a_manager_names_sites_and_finds_the_lines_to_copy(alice: Colleague, survey: Survey) -> None:
    page = get(alice, f"/surveys/{survey.id}/embed")
    assert (
        '<div data-terugkoppel="bestelling"></div>' in page.form().get("", "")
        or "data-terugkoppel=&#34;bestelling&#34;" in page.html
    )
    assert (
        alice.post(
            page.action(), data={"sites": f"{SITE}/contact\n\nshop.example.org:8443\n{SITE}"}
        ).status_code
        == 303
    )
    db.session.refresh(survey)
    assert survey.embed_origins == [SITE, OTHER]
    again = get(alice, f"/surveys/{survey.id}/embed")
    assert again.form()["sites"].strip() == f"{SITE}\n{OTHER}"


def test_the_lines_name_our_own_address(survey: Survey) -> None:
    assert snippet(survey).endswith('<script src="http://127.0.0.1:8000/embed.js" async></script>')


@pytest.mark.parametrize(("said", "held"), [
    ("example.org", "https://example.org"), ("HTTPS://Example.ORG/a?b#c", "https://example.org"), ("http://localhost:5173", "http://localhost:5173"),
    ("https://müller.example", "https://xn--mller-kva.example"), ("http://127.0.0.1", "http://127.0.0.1"),
])  # fmt: skip
def test_a_site_is_kept_as_a_browser_names_it(said: str, held: str) -> None:
    assert origin(said) == held


NONE = ["http://example.org", "*", "https://*", "https://*.example.org", "'self'", "https://a b", "javascript:alert(1)", "data:text/html,x", "https://",
        "https://user@example.org", "https://example.org;script-src *", "https://[::1", "https://example.org, https://evil.example", "https://-x.example/",
        "https://" + "a" * 300, "file:///etc", "https://example.org\r\nX: y", "//"]  # fmt: skip


@each("said", NONE)
def test_what_is_no_site_is_named_and_nothing_changes(alice: Colleague, framed: Survey, said: str) -> None:
    page = Page(alice.post(f"/surveys/{framed.id}/embed", data={"sites": f"{SITE}\n{said}"}))
    if page.status == 422:
        assert "is no site with https" in page.errors()["sites"]
    db.session.refresh(framed)
    for kept in framed.embed_origins:
        assert kept == origin(kept), "only what a policy can hold"
        assert not set(kept) & set(" ;,'*\"\r\n")


@each("name", hostile.WORDS)
def test_words_of_any_kind_break_no_policy(survey: Survey, now: datetime, name: str) -> None:
    try:
        with writing():
            choose_origins(survey, hostile.WORDS[name], now)
    except DomainError:
        db.session.rollback()
    assert all(set(kept) <= set("abcdefghijklmnopqrstuvwxyz0123456789:/.-") for kept in survey.embed_origins)


def test_not_more_sites_than_a_header_holds(survey: Survey, now: datetime) -> None:
    with pytest.raises(DomainError, match="20 sites at most"), writing():
        choose_origins(survey, "\n".join(f"https://s{n}.example" for n in range(MOST + 1)), now)


def test_a_copy_may_be_shown_where_the_survey_may(framed: Survey, now: datetime) -> None:
    with writing():
        assert copy_survey(framed, now).embed_origins == [SITE, OTHER]


def test_only_managers_decide_where(bob: Colleague, survey: Survey) -> None:
    address = f"/surveys/{survey.id}/embed"
    assert (bob.get(address).status_code, bob.post(address).status_code) == (403, 403)
