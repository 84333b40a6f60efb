"""Who was told, on a page: the equation, who waits, and every respondent's line down to the server's own words."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from core.db import db, writing
from followup.composing import compose_due
from followup.judging import Judgement, judge
from followup.ledger import lines
from followup.own_page.hearing import choose
from followup.receipts import compose_receipts
from outbox.models import Attempt, Message
from outbox.uncertain import SHOWN
from surveys.models import Round, Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import form_to, said, scored
from tests.loop import decided, opened_survey, settled
from tests.pages import Page, get


def told(survey: Survey, people: Cast, now: datetime, **values: str) -> Response:
    """Somebody who was told, their message sent."""
    comment = said(survey, now, **values)
    with writing():
        settled(comment.response, decided(people, now), now)
    compose_due(now)
    in_state("sent", now)
    return comment.response


def in_state(state: str, now: datetime) -> None:
    with writing():
        for message in db.session.scalars(select(Message)):
            message.state, message.sent_at = state, now


@pytest.fixture
def each(survey: Survey, people: Cast, now: datetime) -> Response:
    """One told by mail, one on their page, one promised, one who asked not to be told; returns the first."""
    first = told(survey, people, now)
    told(survey, people, now, email="page@example.com", wants="page")
    said(survey, now - timedelta(days=2), "Waiting.", email="waits@example.com")
    said(survey, now, email="silent@example.com", wants="none")
    return first


def test_the_equation_stands_in_numbers_and_words(bob: Colleague, each: Response) -> None:
    page = get(bob, "/ledger")
    assert "4 answers = 2 told + 1 promised + 1 could not be told" in page.words
    assert "It adds up: nobody was left out." in page.words


def test_told_is_split_by_how_and_mail_and_page_stand_apart(bob: Colleague, each: Response) -> None:
    words = get(bob, "/ledger").words
    assert "it was done by mail 1" in words
    assert "it was done on their own page 1" in words
    assert "heard that something changed, or will 2" in words
    assert "they asked not to be told 1" in words


def test_the_ring_counts_people(bob: Colleague, each: Response, now: datetime) -> None:
    with writing():
        judge(each, Judgement(True, True, "", "n"), now)
    words = get(bob, "/ledger").words
    assert "heard 2 acted 2 told 2 agreed 1" in words
    assert "People, of 4 who answered." in words


def test_a_verdict_that_was_taken_back_is_no_agreement(bob: Colleague, each: Response, now: datetime) -> None:
    with writing():
        judge(each, Judgement(True, True, "", "first"), now)
        judge(each, Judgement(None, False, "", "second"), now)
    assert "agreed 0" in get(bob, "/ledger").words


def test_who_waits_longest_stands_first(bob: Colleague, survey: Survey, now: datetime) -> None:
    for days in (1, 5, 3):
        said(survey, now - timedelta(days=days), email=f"{days}@example.com")
    page = get(bob, "/ledger")
    oldest_first = ("Wednesday 18 November", "Friday 20 November", "Sunday 22 November")
    places = [page.words.index(day) for day in oldest_first]
    assert places == sorted(places)


def test_a_missing_message_row_is_named_loudly(bob: Colleague, each: Response) -> None:
    with writing():
        db.session.execute(
            delete(Message).where(Message.recipient == "rita@example.com", Message.kind == "update")
        )
    page = get(bob, "/ledger")
    assert "It does not add up" in page.words
    assert "1 message row is missing" in page.words
    assert "4 answers ≠ 1 told" in page.words
    theirs = get(bob, page.links()["Whose they are"])
    assert "Rita Ritsema" in theirs.words
    assert "1 message row is missing" in get(bob, f"/responses/{each.id}").words


def test_a_lost_receipt_is_named_too(bob: Colleague, survey: Survey, now: datetime) -> None:
    comment = said(survey, now)
    compose_receipts(now)
    with writing():
        db.session.execute(delete(Message))
    page = get(bob, "/ledger")
    assert "1 answers = 0 told + 1 promised" in page.words, "the word is still owed"
    assert "nobody can show any more that it was sent" in page.words
    assert f"/responses/{comment.response_id}" in get(bob, "/ledger?state=missing").links().values()


def test_a_lost_message_leaves_its_tries(bob: Colleague, each: Response, now: datetime) -> None:
    with writing():
        message = db.session.scalars(select(Message).where(Message.kind == "update")).first()
        assert message
        message.attempts.append(
            Attempt(
                message_key=message.key,
                at=now,
                outcome="sent",
                server="mx.example.com",
                reply="250 kept as 7",
            )
        )
    with writing():
        db.session.execute(delete(Message))
    words = get(bob, f"/responses/{each.id}").words
    assert "its message row is missing" in words
    assert "sent 250 kept as 7 mx.example.com" in words


def test_unknown_is_promised_and_shown_with_its_evidence(
    bob: Colleague, each: Response, now: datetime
) -> None:
    with writing():
        message = db.session.scalars(
            select(Message).where(Message.recipient == "rita@example.com", Message.kind == "update")
        ).one()
        message.state, message.sent_at, message.server_reply = "unknown", None, "no reply after the final dot"
    page = get(bob, "/ledger")
    assert "4 answers = 1 told + 2 promised" in page.words
    assert "It is not certain whether 1 message arrived" in page.words
    assert "no reply after the final dot" in page.words
    assert "promised delivery not certain" in page.words, "not late: the word was written in time"
    assert f"/mailbox/{message.id}" in page.links().values()


def uncertain(now: datetime) -> Message:
    """Rita's message, handed over, of which nothing is known."""
    with writing():
        message = db.session.scalars(
            select(Message).where(Message.recipient == "rita@example.com", Message.kind == "update")
        ).one()
        message.state, message.sent_at = "unknown", None
        tried = {"at": now, "outcome": "unknown", "server": "mx.example.com", "reply": "connection lost"}
        message.attempts.append(Attempt(message_key=message.key, **tried))
    return message


def test_the_evidence_stands_where_it_is_decided(bob: Colleague, each: Response, now: datetime) -> None:
    message = uncertain(now)
    words = get(bob, "/ledger").words
    for part in (
        "connection lost",
        "mx.example.com",
        message.key,
        "It was delivered",
        "Send again (same Message-ID)",
    ):
        assert part in words, part


@pytest.mark.parametrize(
    ("decision", "equation"),
    [("delivered", "4 answers = 2 told + 1 promised"), ("again", "4 answers = 1 told + 2 promised")],
)
def test_it_is_decided_here_and_the_equation_follows(
    bob: Colleague, each: Response, now: datetime, decision: str, equation: str
) -> None:
    message, here = uncertain(now), "/ledger?survey=bestelling"
    back = form_to(get(bob, here), f"/messages/{message.id}/decision")["back"]
    answer = bob.post(f"/messages/{message.id}/decision", data={"decision": decision, "back": back})
    assert (answer.status_code, answer.location) == (303, here)
    page = get(bob, here)
    assert equation in page.words
    assert "Noted, under your name." in page.words
    assert "It is not certain" not in page.words


def test_a_decision_leads_nowhere_else(bob: Colleague, each: Response, now: datetime) -> None:
    message = uncertain(now)
    sent = {"decision": "delivered", "back": "//evil.example/ledger"}
    assert bob.post(f"/messages/{message.id}/decision", data=sent).location == "/"


def test_who_only_looks_has_no_buttons(vera: Colleague, each: Response, now: datetime) -> None:
    message = uncertain(now)
    page = get(vera, "/ledger")
    assert "connection lost" in page.words
    assert "It was delivered" not in page.words
    assert vera.post(f"/messages/{message.id}/decision", data={"decision": "again"}).status_code == 403


def test_many_uncertain_messages_are_counted_and_some_are_shown(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    for n in range(SHOWN + 1):
        said(survey, now, email=f"{n}@example.com")
    compose_receipts(now)
    with writing():
        for message in db.session.scalars(select(Message)):
            message.state = "unknown"
    page = get(bob, "/ledger")
    assert f"whether {SHOWN + 1} messages arrived" in page.words
    assert page.html.count("/decision") == SHOWN
    assert page.links()["All of them"] == "/mailbox?state=unknown"


def test_people_who_wait_are_weighed_by_their_days(bob: Colleague, survey: Survey, now: datetime) -> None:
    for days in (1, 5, 3):
        said(survey, now - timedelta(days=days), email=f"{days}@example.com")
    words = get(bob, "/ledger").words
    assert "People waiting 3 Days of waiting, together 9 Longest wait, in days 5" in words
    assert "each person counts for every full day" in words


def test_whoever_is_not_among_the_longest_is_a_click_away(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    for n in range(12):
        said(survey, now, email=f"{n}@example.com")
    page = get(bob, "/ledger")
    everybody = get(bob, page.links()["All who are waiting"])
    assert everybody.html.split('id="answers"')[1].count("/responses/") == 12


def test_a_reason_narrows_the_lines(bob: Colleague, each: Response, survey: Survey, now: datetime) -> None:
    page = get(bob, "/ledger")
    theirs = get(bob, page.links()["they asked not to be told"])
    assert theirs.html.split('id="answers"')[1].count("/responses/") == 1
    assert "Only: they asked not to be told." in theirs.words
    assert "it was done" not in theirs.words.split("Every answer")[1]
    everybody = get(bob, theirs.links()["Show all reasons"])
    assert "Only:" not in everybody.words


def test_the_list_of_one_reason_goes_on_page_after_page(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    for number in range(52):
        said(survey, now, wants="none", email=f"{number}@example.com")
    first = get(bob, "/ledger?state=unreachable&why=declined&survey=bestelling")
    older = first.links()["Older"]
    assert "why=declined" in older
    assert "survey=bestelling" in older
    assert get(bob, older).html.split('id="answers"')[1].count("/responses/") == 2


@pytest.mark.both_databases
def test_few_among_many_are_found_a_slice_at_a_time(
    bob: Colleague, survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same lines in the same order, wherever the slices end; and the page goes on where it stopped."""
    monkeypatch.setattr(lines, "SLICE", 2)
    monkeypatch.setattr(lines, "PAGE", 2)
    ids = [said(survey, now, email=f"{n}@example.com").response.id for n in range(13)]
    declined = [ids[n] for n in (0, 6, 11)]
    with writing():
        for id in declined:
            choose(db.session.get_one(Response, id), "none", "", now)
    first = get(bob, "/ledger?state=unreachable&why=declined")
    assert shown(first) == [ids[11], ids[6]]
    assert shown(get(bob, first.links()["Older"])) == [ids[0]]
    assert shown(get(bob, "/ledger?state=told")) == []


def shown(page: Page) -> list[int]:
    """Whose lines stand in the list, in order."""
    return [int(n) for n in re.findall(r"/responses/(\d+)", page.html.split('id="answers"')[1])]


@pytest.mark.parametrize(
    ("state", "answers"), [("told", 2), ("promised", 1), ("unreachable", 1), ("missing", 0), ("nonsense", 4)]
)
def test_the_answers_of_one_state(bob: Colleague, each: Response, state: str, answers: int) -> None:
    page = get(bob, f"/ledger?state={state}")
    listed = page.html.split('id="answers"')[1]
    assert listed.count("/responses/") == answers


def test_a_survey_and_a_round_have_their_own_equation(
    bob: Colleague, people: Cast, each: Response, survey: Survey, now: datetime
) -> None:
    with writing():
        opened_survey(people, now, "reparatie")
    scored(survey, now - timedelta(days=40), email="october@example.com")
    assert "Nobody has answered yet" in get(bob, "/ledger?survey=reparatie").words
    assert "5 answers" in get(bob, "/ledger?survey=bestelling").words
    october = db.session.scalars(select(Round).where(Round.starts_on == datetime(2026, 10, 1).date())).one()  # noqa: DTZ001
    assert (
        "1 answers = 0 told + 1 promised" in get(bob, f"/ledger?survey=bestelling&round={october.id}").words
    )


@pytest.mark.parametrize(
    "query", ["survey=%00", "round=9223372036854775808", "round=x", "before=-1", "survey='--"]
)
def test_what_is_not_there_narrows_nothing(bob: Colleague, each: Response, query: str) -> None:
    assert "4 answers" in get(bob, f"/ledger?{query}").words


def test_the_list_goes_on_page_after_page(bob: Colleague, survey: Survey, now: datetime) -> None:
    for number in range(51):
        scored(survey, now, email=f"{number}@example.com")
    first = get(bob, "/ledger")
    assert first.html.split('id="answers"')[1].count("/responses/") == 50
    assert get(bob, first.links()["Older"]).html.split('id="answers"')[1].count("/responses/") == 1


def test_one_line_down_to_the_words_of_the_server(bob: Colleague, each: Response, now: datetime) -> None:
    with writing():
        message = db.session.scalars(select(Message).where(Message.recipient == "rita@example.com")).all()[-1]
        message.attempts.append(
            Attempt(
                message_key=message.key,
                at=now,
                outcome="retry",
                server="mx.example.com",
                reply="450 4.2.0 greylisted",
            )
        )
        judge(each, Judgement(None, False, "Still torn.", "n"), now)
    words = get(bob, f"/responses/{each.id}").words
    for part in (
        "The box was torn.",
        "it was done",
        "450 4.2.0 greylisted",
        "mx.example.com",
        "not solved",
        "Still torn.",
        "it was not solved for them",
    ):
        assert part in words, part


def test_a_test_answer_does_not_count_and_says_so(bob: Colleague, survey: Survey, now: datetime) -> None:
    response = scored(survey, now)
    with writing():
        response.is_test = True
    assert "a test, which does not count" in get(bob, f"/responses/{response.id}").words
    assert "Nobody has answered yet" in get(bob, "/ledger").words


def test_others_and_strangers(charlie: Colleague, vera: Colleague, each: Response) -> None:
    assert charlie.get(f"/responses/{each.id}").status_code == 404
    assert vera.get(f"/responses/{each.id}").status_code == 200
    assert vera.get("/responses/9223372036854775808").status_code == 404
    assert "Nobody has answered yet" in get(charlie, "/ledger").words
