"""An answer that is begun now and sent later: by one link, without a cookie, counted nowhere until it is sent."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, writing
from promises.ledger import Scope, ledger
from reports.erasure.erasing import erase
from surveys.asking import TOKEN, TRAP
from surveys.builder.building import close_survey
from surveys.jobs import forget_unfinished
from surveys.models import Survey
from surveys.models_responses import Response
from surveys.partial.models import Unfinished
from surveys.partial.unfinished import KEPT
from tests.hostile import UNKEEPABLE, WORDS
from tests.loop import answered
from tests.pages import Page, get, send
from tests.surveys.answers import opened, responses, values


def rows() -> list[Unfinished]:
    db.session.rollback()
    return list(db.session.scalars(select(Unfinished).order_by(Unfinished.id)))


def later(client: FlaskClient, page: Page, **typed: str) -> str:
    """Press Go on later on the first page; the address to go on from."""
    answer = client.post("/s/bestelling/unfinished", data={**page.form(), "go": "keep", **typed})
    assert answer.status_code == 303, Page(answer).words
    return answer.location


def test_what_was_typed_stands_there_again_at_its_own_address(client: FlaskClient, survey: Survey) -> None:
    address = later(client, opened(client), csat="2", comment="I was about to say <b>why</b>.")
    page = get(client, address)
    assert page.form()["csat"] == "2"
    assert page.form()["comment"] == "I was about to say <b>why</b>."
    assert "It is kept" in page.words
    assert f"http://127.0.0.1:8000{address.partition('?')[0]}" in page.words
    assert "It is kept" not in get(client, address.partition("?")[0]).words


def test_it_is_no_answer_and_obliges_nobody(client: FlaskClient, survey: Survey) -> None:
    later(client, opened(client), csat="2", comment="Not yet.")
    assert responses() == []
    found = ledger(Scope(survey.organisation_id))
    assert (found.responses, found.promised) == (0, 0)


def test_sent_it_is_one_answer_and_its_words_are_kept_once(client: FlaskClient, survey: Survey) -> None:
    address = later(client, opened(client), csat="2", comment="Now.", **{"contact-email": "rita@example.com"})
    assert rows()[0].address_key == "rita@example.com"
    page = get(client, address)
    first = send(client, page, go="send")
    assert first.location.startswith("/f/")
    again = send(client, page, go="send", comment="From the back button.")
    assert again.location == first.location
    assert get(client, first.location).heading.startswith("Thank you. You hear from Alice Adams")
    (response,) = responses()
    assert values(response) == {"csat": 2, "comment": "Now."}
    assert response.identity
    row = rows()[0]
    assert (row.response_id, row.fields, row.address_key) == (response.id, [], None)
    assert client.get(address).location == first.location, "the link leads to what it became"


def test_the_first_page_sent_after_it_is_the_same_answer(client: FlaskClient, survey: Survey) -> None:
    page = opened(client)
    address = later(client, page, csat="2", **{"contact-wants": "page"})
    sent = send(client, get(client, address), go="send")
    assert send(client, page, csat="5", contact__wants="page").location == sent.location
    assert (
        client.post("/s/bestelling/unfinished", data={**page.form(), "go": "keep"}).location == sent.location
    )
    assert len(responses()) == 1


def test_kept_twice_from_one_page_it_is_one_and_says_the_last(client: FlaskClient, survey: Survey) -> None:
    page = opened(client)
    assert later(client, page, comment="first") == later(client, page, comment="second")
    (row,) = rows()
    assert ["comment", "second"] in row.fields


def test_what_is_not_right_can_be_kept_and_not_sent(client: FlaskClient, survey: Survey) -> None:
    address = later(client, opened(client), comment="y" * 5_001, **{"contact-email": "not an address"})
    page = Page(send(client, get(client, address), go="send"))
    assert page.status == 422
    assert set(page.errors()) >= {"csat", "comment", "contact-email"}
    assert page.form()["comment"] == "y" * 5_001
    assert rows()[0].fields, "and it is kept"


@pytest.mark.parametrize("words", WORDS.values())
def test_hostile_words_come_back_as_they_were(client: FlaskClient, survey: Survey, words: str) -> None:
    address = later(client, opened(client), comment=words)
    assert client.get(address).status_code == 200
    kept = dict(rows()[0].fields)["comment"]
    assert kept.replace("\r\n", "\n") == words.replace("\r\n", "\n").replace("\r", "\n") or kept == words


@pytest.mark.parametrize("words", UNKEEPABLE.values())
def test_what_no_database_can_hold_is_refused_with_a_sentence(
    client: FlaskClient, survey: Survey, words: str
) -> None:
    form = {**opened(client).form(), "go": "keep", "comment": words.encode("utf-8", "surrogatepass")}
    answer = client.post("/s/bestelling/unfinished", data=form)
    assert answer.status_code in {303, 422}
    if answer.status_code == 303:
        assert client.get(answer.location).status_code == 200


def test_a_machine_keeps_nothing(client: FlaskClient, survey: Survey) -> None:
    form = opened(client).form()
    for bad in ({TOKEN: ""}, {TOKEN: "nonsense"}, {TRAP: "x"}):
        answer = client.post(
            "/s/bestelling/unfinished", data={**form, "go": "keep", "comment": "mine", **bad}
        )
        assert answer.status_code == 422
        assert "mine" in answer.text, "nothing typed is lost"
    assert rows() == []


def test_a_page_without_its_token_changes_nothing(client: FlaskClient, survey: Survey) -> None:
    address = later(client, opened(client), comment="mine").partition("?")[0]
    for go in ("keep", "send", "next", "back"):
        assert client.post(address, data={"go": go, "comment": "theirs", "csat": "1"}).status_code == 422
    assert dict(rows()[0].fields)["comment"] == "mine"
    assert responses() == []


def test_looking_writes_and_sends_nothing(client: FlaskClient, survey: Survey) -> None:
    address = later(client, opened(client), csat="2")
    before = rows()[0].changed_at
    for method in ("HEAD", "GET"):
        assert client.open(f"{address}&go=send&csat=5", method=method).status_code == 200
    assert rows()[0].changed_at == before
    assert responses() == []


def test_a_survey_that_closes_meanwhile_gives_every_word_back(client: FlaskClient, survey: Survey) -> None:
    address = later(client, opened(client), csat="2", comment="kept before")
    page = get(client, address)
    with writing():
        close_survey(db.session.get_one(Survey, survey.id), clock.now())
    late = Page(send(client, page, go="send", comment="typed while it closed"))
    assert late.status == 410
    assert "typed while it closed" in late.words
    assert "could not be taken any more" in late.words
    assert "kept before" in get(client, address).words
    first = client.post("/s/bestelling/unfinished", data={"comment": "just begun", "go": "keep"})
    assert (first.status_code, "just begun" in first.text) == (410, True)


def test_after_the_stated_time_it_is_gone(client: FlaskClient, survey: Survey) -> None:
    address = later(client, opened(client), comment="Forgotten.")
    changed = rows()[0].changed_at
    assert forget_unfinished(changed + KEPT) == 0
    assert forget_unfinished(changed + KEPT + timedelta(seconds=1)) == 1
    page = get(client, address)
    assert page.status == 404
    assert "not kept any more: nobody went on with it in time" in page.words


def test_a_number_that_is_used_again_opens_nothing_of_somebody_else(
    client: FlaskClient, survey: Survey
) -> None:
    old = later(client, opened(client), comment="Mine.")
    forget_unfinished(clock.now() + 2 * KEPT)
    new = later(client, opened(client), comment="Somebody else's.")
    assert old.split(".")[0] == new.split(".")[0], "SQLite gave the number again"
    assert client.get(old).status_code == 404


def test_who_is_erased_leaves_nothing_that_was_begun(
    client: FlaskClient, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(db.session.get_one(Survey, survey.id), now)
    later(client, opened(client), comment="Hers.", **{"contact-email": "Rita@Example.com"})
    later(client, opened(client), comment="His.", **{"contact-email": "rob@example.com"})
    sent = later(client, opened(client), csat="1", **{"contact-email": "rita@example.com"})
    send(client, get(client, sent), go="send")
    with writing():
        customer = db.session.get_one(Response, response.id).customer
        assert customer
        erase(customer, "She asked.", now)
    assert [dict(r.fields).get("comment") for r in rows()] == ["His."]
    assert client.get(sent).status_code == 404


def test_no_cookie_and_no_script_are_needed(client: FlaskClient, survey: Survey) -> None:
    address = later(client, opened(client), csat="2", **{"contact-wants": "page"})
    page = get(client, address)
    assert "Set-Cookie" not in page.headers
    assert not list(page.tree.iter("script"))


@pytest.mark.parametrize("address", ["/r/1.1.aaaaaaaaaaaaaaaaaaaaaaaaaa", "/r/x", "/s/nowhere/unfinished"])
def test_wrong_addresses_are_told_so(client: FlaskClient, survey: Survey, address: str) -> None:
    assert client.post(address, data={}).status_code == 404


def test_another_language_keeps_what_was_typed_since(client: FlaskClient, survey: Survey) -> None:
    page = get(client, later(client, opened(client), csat="2"))
    (dutch,) = [e for e in page.tree.iter("button") if e.attrib.get("lang") == "nl"]
    said = {**page.form(), "comment": "Typed since.", "contact-wants": "page", "go": dutch.attrib["value"]}
    page = get(client, client.post(dutch.attrib["formaction"], data=said).location)
    assert page.heading == "Uw bestelling"
    assert (page.form()["csat"], page.form()["comment"]) == ("2", "Typed since.")
    assert responses() == []


def test_enter_sends_where_no_question_comes_after(client: FlaskClient, survey: Survey) -> None:
    page = get(client, later(client, opened(client), csat="2"))
    send(client, page, contact__wants="page")
    assert len(responses()) == 1
