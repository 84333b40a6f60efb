"""Answers that came in elsewhere: who they are from, what they hold, what is refused, and what is owed."""

from typing import Any

import pytest
from sqlalchemy import select

from core.db import db, writing
from surveys.models import Survey
from tests.api.programs import Program

both = pytest.mark.both_databases
RITA = {"email": "rita@example.com"}


@both
def test_whoever_answers_is_promised_a_word_by_a_person(manager: Program, survey: str) -> None:
    said = manager.answered()
    promised = said["promise"]
    assert (said["state"], promised["who"], promised["channel"], promised["kind"]) == (
        "promised",
        "Alice Adams",
        "mail",
        "update",
    )
    assert promised["what"]
    assert "/f/" in said["status_url"]


def test_an_own_page_needs_no_address(manager: Program, survey: str) -> None:
    assert manager.answered(customer={"channel": "page"})["promise"]["channel"] == "page"
    assert manager.answered(customer=None)["promise"]["channel"] == "page"


def test_who_wants_no_word_is_owed_none(manager: Program, survey: str) -> None:
    declined, history = (
        manager.answered(customer={**RITA, "channel": "none"}),
        manager.answered(follow_up=False),
    )
    assert (declined["state"], declined["reason"], declined["promise"]) == ("unreachable", "declined", None)
    assert (history["state"], history["reason"], history["promise"]) == ("unreachable", "history", None)


@both
def test_one_person_is_recognised_by_any_address(manager: Program, survey: str) -> None:
    manager.answered(customer={"email": "RITA@example.com", "phone": "+31 6 12345678", "external_id": "K-1"})
    manager.answered(customer={"external_id": "k-1"})
    assert manager.get("/ledger")["responses"] == 2


def test_null_means_left_out_at_every_depth(manager: Program, survey: str) -> None:
    customer = {"email": "rita@example.com", "name": None, "channel": None}
    said = manager.answered(customer=customer, submitted_at=None, follow_up=None)
    assert said["promise"]["channel"] == "mail"


@both
def test_a_moment_of_answering_may_lie_in_the_past(manager: Program, survey: str) -> None:
    manager.answered(submitted_at="2026-01-31T23:30:00+01:00", follow_up=False)
    assert [r["starts_on"] for r in manager.get("/rounds")["data"]] == ["2026-01-01"]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"answers": {}}, "The question “csat” needs an answer."),
    ({"answers": None}, "“answers”: This is missing."),
    ({"answers": []}, "“answers”: Give an object: names with values."),
    ({"answers": {"csat": 6}}, "“csat” is a whole number from 1 to 5."),
    ({"answers": {"csat": 2.5}}, "“csat” is a whole number from 1 to 5."),
    ({"answers": {"csat": True}}, "“csat” is a whole number from 1 to 5."),
    ({"answers": {"csat": [2]}}, "The answer to “csat” is a text or a number."),
    ({"answers": {"csat": 2, "comment": {"text": "x"}}}, "The answer to “comment” is a text or a number."),
    ({"answers": {"csat": 2, "shoe_size": 43}}, "This survey has no question “shoe_size”."),
    ({"answers": {"csat": 2, "contact": "rita@example.com"}}, "Who answers is said under “customer”"),
    ({"answers": {"csat": 2, "comment": "x" * 5001}}, "This text is 5001 characters long; there is room for 5000."),
    ({"answers": {"csat": 2, "comment": "a\x00b"}}, "This text holds a character that cannot be kept."),
    ({"answers": {"csat": 2, "comment": "\ud800"}}, "This text holds a character that cannot be kept."),
    ({"customer": {"email": "rita"}}, "“rita” is not a mail address."),
    ({"customer": {"email": "rita@example.com, piet@example.com"}}, "is not a mail address."),
    ({"customer": {"phone": "0" * 41}}, "“customer.phone”: There is room for 40."),
    ({"customer": {"channel": "fax"}}, "“customer.channel”: Give one of: mail, page, phone, letter, sms, none."),
    ({"customer": {"language": "tlh"}}, "“customer.language”: Give one of: nl, en, de"),
    ({"customer": {"mail": "rita@example.com"}}, "“customer.mail”: There is no such name here."),
    ({"customer": "rita@example.com"}, "“customer”: Give an object: names with values."),
    ({"submitted_at": "2026-11-23"}, "“submitted_at”: Give a moment with its time zone."),
    ({"submitted_at": "2026-11-23T10:00:00"}, "“submitted_at”: Give a moment with its time zone."),
    ({"submitted_at": "9999-12-31T23:59:59-12:00"}, "An answer cannot have been given in the future."),
    ({"submitted_at": "0001-01-01T00:00:00+12:00"}, "An answer cannot have been given before 2000."),
    ({"submitted_at": 5}, "“submitted_at”: Give a moment with its time zone."),
    ({"follow_up": "perhaps"}, "“follow_up”: Give true or false."),
    ({"score": 5}, "“score”: There is no such name here."),
]  # fmt: skip


@both
def test_what_cannot_be_an_answer_is_refused_and_nothing_is_kept(
    manager: Program, survey: str, subtests: pytest.Subtests
) -> None:
    for changes, sentence in REFUSED:
        with subtests.test(ascii(changes)[:60]):
            body = {"answers": {"csat": 2}, "customer": RITA, **changes}
            assert sentence in manager.refused("POST", f"/surveys/{survey}/responses", body)
    assert manager.get("/ledger")["responses"] == 0


@both
def test_words_are_kept_as_they_were_written(manager: Program, survey: str) -> None:
    comments = ["x" * 5000, "é🙂" * 2500, "a\r\nb\tc", "<b>&amp;</b> '; DROP TABLE answer; --", "\u202e٣"]
    for comment in comments:
        manager.answered(comment=comment)
    kept = [c["text"] for c in manager.get("/comments")["data"]]
    assert kept == [comment.replace("\r\n", "\n") for comment in comments]


def test_a_closed_survey_takes_no_answers(manager: Program, survey: str) -> None:
    manager.ask("DELETE", f"/surveys/{survey}/opening")
    assert manager.refused("POST", f"/surveys/{survey}/responses", {"answers": {"csat": 2}}, 409).startswith(
        "This survey closed on"
    )


def test_a_survey_that_never_opened_takes_no_answers(manager: Program) -> None:
    manager.post("/surveys", {"title": "Nog niet", "slug": "later", "questions": []})
    assert (
        manager.refused("POST", "/surveys/later/responses", {"answers": {}}, 409)
        == "This survey is not open yet."
    )


def test_the_standing_of_a_response_lists_what_was_promised(
    manager: Program, viewer: Program, survey: str
) -> None:
    said = manager.answered()
    found = viewer.get(f"/responses/{said['id']}")
    assert found == {
        "id": said["id"],
        "state": "promised",
        "promises": [said["promise"]],
        "messages": [],
        "verdict": None,
    }


def test_the_promise_is_worded_in_the_respondents_language(manager: Program, survey: str) -> None:
    english = manager.answered(customer={**RITA, "language": "en"})["promise"]["what"]
    assert english == "what we did, or decided, with your answer"


def test_an_anonymous_survey_takes_no_customer(manager: Program, survey: str) -> None:
    with writing():
        db.session.scalars(select(Survey)).one().anonymous = True
    refused = manager.client.post(
        "/api/v1/surveys/bestelling/responses",
        json={"answers": {"csat": 2}, "customer": RITA},
        headers={"Authorization": f"Bearer {manager.key}"},
    )
    assert (refused.status_code, "leave out who answered" in refused.text) == (422, True)
    assert manager.answered(customer=None)["promise"]["channel"] == "page"
