"""A customer answers at /s/<slug>: on any device, without a script, without a cookie."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core import links
from core.db import db
from promises.models import Promise
from surveys.models import Survey
from tests.pages import get, send
from tests.surveys.answers import opened, responses, values
from triage.models import Comment


def test_the_page_asks_the_questions_and_says_what_to_expect(client: FlaskClient, survey: Survey) -> None:
    page = opened(client)
    assert page.status == 200
    assert page.heading == "Your order"
    for words in (
        "How satisfied are you?",
        "Why?",
        "Who are you?",
        "within 5 working days",
        "A person reads what you write",
    ):
        assert words in page.words
    assert "Set-Cookie" not in page.headers


def test_an_answer_leads_to_the_respondents_own_page(client: FlaskClient, survey: Survey) -> None:
    page = opened(client)
    answer = send(
        client,
        page,
        csat="2",
        comment="The box was torn.",
        contact__wants="mail",
        contact__email="Rita@Example.com",
    )
    (response,) = responses()
    assert answer.status_code == 303
    assert answer.location == links.path("status", response.id, response.link_version)
    assert "Set-Cookie" not in answer.headers
    assert values(response) == {"csat": 2.0, "comment": "The box was torn."}
    assert (response.channel, response.score, response.language) == ("mail", 2, "en")
    assert response.identity
    assert response.identity.key == "rita@example.com"


def test_the_answer_is_owed_a_word_and_its_comment_is_work_in_the_same_moment(
    client: FlaskClient, survey: Survey
) -> None:
    send(client, opened(client), csat="2", comment="The box was torn.", contact__wants="page")
    (response,) = responses()
    assert db.session.scalars(select(Promise)).one().response_id == response.id
    assert db.session.scalars(select(Comment)).one().text == "The box was torn."


def test_every_kind_of_question_is_read_as_what_it_is(client: FlaskClient, long_survey: Survey) -> None:
    page = opened(client, "/s/alles")
    send(
        client,
        page,
        csat="5",
        nps="0",
        feel="impatient",
        kept="no",
        about="2",
        order="A-17",
        comment="Fine.",
        contact__wants="page",
    )
    (response,) = responses()
    expected = {
        "csat": 5.0, "nps": 0.0, "feel": "impatient", "kept": "no", "about": "2", "order": "A-17", "comment": "Fine.",
    }  # fmt: skip
    assert values(response) == expected
    assert response.score == 5, "the first question on a scale"
    comment = db.session.scalars(select(Comment)).one()
    assert (comment.emotion, comment.emotion_theirs) == ("impatient", True), "nobody has to guess"


def test_on_a_page_of_their_own_nobody_is_known(client: FlaskClient, survey: Survey) -> None:
    send(
        client,
        opened(client),
        csat="2",
        contact__wants="page",
        contact__name="Rita",
        contact__email="rita@example.com",
    )
    (response,) = responses()
    assert (response.channel, response.customer, response.identity) == ("page", None, None)


def test_who_asks_for_no_word_is_promised_none_and_not_kept(client: FlaskClient, survey: Survey) -> None:
    send(client, opened(client), csat="2", contact__wants="none", contact__email="not an address")
    (response,) = responses()
    assert response.declined_at
    assert response.identity is None
    assert db.session.scalar(select(func.count(Promise.id))) == 0


@pytest.mark.parametrize(("asked", "accepts", "heading"), [
    ("", "nl", "Uw bestelling"), ("", "en", "Your order"), ("", "fr", "Uw bestelling"),
    ("?lang=en", "nl", "Your order"), ("?lang=nl", "en", "Uw bestelling"), ("?lang=xx", "en", "Your order"),
])  # fmt: skip
def test_the_readers_language_and_not_the_servers(
    client: FlaskClient, survey: Survey, asked: str, accepts: str, heading: str
) -> None:
    page = get(client, f"/s/bestelling{asked}", headers={"Accept-Language": accepts})
    assert page.heading == heading
    assert page.html.count(f'<html lang="{"nl" if heading == "Uw bestelling" else "en"}"') == 1


def test_the_other_language_is_one_press_away_and_keeps_what_was_preselected(
    client: FlaskClient, survey: Survey
) -> None:
    page = opened(client, "/s/bestelling?csat=4")
    (dutch,) = [e for e in page.tree.iter("button") if e.attrib.get("lang") == "nl"]
    assert dutch.attrib["formaction"] == "/s/bestelling?csat=4&lang=nl"


def test_an_address_preselects_and_never_submits(client: FlaskClient, long_survey: Survey) -> None:
    page = opened(client, "/s/alles?csat=4&kept=yes&comment=From+a+mail&nps=99&nothing=1")
    assert (page.form()["csat"], page.form()["kept"], page.form()["comment"]) == ("4", "yes", "From a mail")
    assert "nps" not in page.form(), "a score outside the scale chooses nothing"
    assert responses() == []


def test_embedded_it_stands_without_a_letterhead(client: FlaskClient, survey: Survey) -> None:
    page = opened(client, "/s/bestelling?embed=1")
    assert "letterhead" not in page.html
    assert page.action() == "/s/bestelling?embed=1", "also after a mistake"


def test_a_score_alone_is_an_answer(client: FlaskClient, survey: Survey) -> None:
    assert send(client, opened(client), csat="4", contact__wants="page").status_code == 303
    assert values(responses()[0]) == {"csat": 4.0}
