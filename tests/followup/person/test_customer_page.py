"""The page of one person: everything between us and them in one list, and being the same person as somebody else."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from customers import merging
from customers.models import Customer
from customers.models_merging import Merge
from customers.recognising import Contact
from followup.composing import compose_due
from followup.models import Verdict
from followup.person import persons
from followup.receipts import compose_receipts
from surveys.answering import Submission, submit
from surveys.builder.building import create_survey, open_survey
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast, added, make_customer
from tests.hostile import WORDS
from tests.inviting import delivered, invited
from tests.loop import answered, decided, settled
from tests.pages import get, send
from tests.surveys.answers import ALL_KINDS


@pytest.fixture
def twin(people: Cast, now: datetime) -> Customer:
    with writing():
        return make_customer(people.webshop, "R. Ritsema", "r@example.org", now)


def test_what_was_said_promised_done_told_and_judged_stands_in_the_order_of_time(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    with writing():
        response = answered(db.session.merge(survey), now - timedelta(days=1))
    compose_receipts(now - timedelta(days=1))
    with writing():
        settled(db.session.merge(response), decided(people, now), now)
    compose_due(now + timedelta(hours=1))
    with writing():
        added(Verdict(organisation_id=people.webshop.id, response_id=response.id, nonce="v", solved=True, words="Fine now.", created_at=now + timedelta(days=1)))  # fmt: skip
    found = persons.timeline([people.rita.id], None).entries
    assert [one.kind for one in found] == ["verdict", "message", "action", "message", "promise", "answer"]
    assert found == sorted(found, key=lambda one: one.at, reverse=True)
    page = get(bob, f"/customers/{people.rita.id}")
    for words in (
        "Answered “Your order”",
        "Stronger boxes",
        "A word was promised, by Alice Adams",
        "Fine now.",
    ):
        assert words in page.words


@pytest.mark.both_databases
def test_what_we_asked_them_and_asked_once_more_stands_there_too(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    """Somebody who calls about our mails is not told that there were none."""
    with writing():
        asked = invited(db.session.merge(survey), now - timedelta(days=9))
        assert asked.identity
        asked.reminded_at = now - timedelta(days=2)
        asked.reminder_id = delivered(asked.survey, asked.identity, asked.reminded_at, "reminder").id
    found = persons.timeline([people.rita.id], None).entries
    assert [(one.kind, one.at) for one in found] == [
        ("reminder", now - timedelta(days=2)),
        ("question", now - timedelta(days=9)),
    ]
    links = get(bob, f"/customers/{people.rita.id}").links()
    assert links["Asked to answer “Your order”"] == f"/mailbox/{asked.message_id}"
    assert links["Asked once more: “Your order”"] == f"/mailbox/{asked.reminder_id}"


@pytest.mark.both_databases
def test_page_after_page_everything_is_there_once(
    bob: Colleague, people: Cast, survey: Survey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what happened at one moment, and what is both an answer and a promise of it."""
    monkeypatch.setattr(persons, "PAGE", 3)
    with writing():
        held = db.session.merge(survey)
        for n in range(4):
            answered(held, now, f"Number {n}")
    seen: list[tuple[str, int]] = []
    page = get(bob, f"/customers/{people.rita.id}")
    before = None
    while True:
        listed = persons.timeline([people.rita.id], before)
        seen += [(one.kind, one.row.id) for one in listed.entries]
        if not listed.next:
            break
        before = listed.next
    assert len(seen) == len(set(seen)) == 8
    address = page.links()["Older"]
    assert get(bob, address).html.count('scope="row"') == 3


@pytest.mark.parametrize("before", ["x", "_", "2026-01-01_answer_1_2", "2026-01-01T00:00:00_nothing_1", "2026-01-01T00:00:00Z_answer_-1", "9999999-01-01_answer_1", "0001-01-01T00:00:00+14:00_answer_1"])  # fmt: skip
def test_an_address_that_leads_to_no_page_begins_anew(
    bob: Colleague, people: Cast, survey: Survey, now: datetime, before: str
) -> None:
    with writing():
        answered(db.session.merge(survey), now)
    assert (
        "Answered “Your order”"
        in get(bob, f"/customers/{people.rita.id}", query_string={"before": before}).words
    )


def test_both_histories_stand_on_one_page_once_they_are_one(
    alice: Colleague, people: Cast, survey: Survey, twin: Customer, now: datetime
) -> None:
    with writing():
        held = db.session.merge(survey)
        answered(held, now, score=1)
        answered(held, now, email="r@example.org", score=5)
    page = get(alice, f"/customers/{twin.id}/merge?q=rita@example.com")
    answer = send(alice, page, into=str(people.rita.id), reason="The same phone number")
    assert answer.status_code == 303
    assert alice.get(f"/customers/{twin.id}").location.endswith(f"/customers/{people.rita.id}")
    words = get(alice, f"/customers/{people.rita.id}").words
    for expected in (
        "score 1",
        "score 5",
        "rita@example.com",
        "r@example.org",
        "Also known as",
        "The same phone number",
        "Alice Adams",
    ):
        assert expected in words


def test_taken_back_they_have_a_page_each(
    alice: Colleague, people: Cast, twin: Customer, now: datetime
) -> None:
    with writing():
        merging.merge(twin, people.rita, "The same name", now)
    merge = db.session.scalars(select(Merge)).one()
    answer = alice.post(f"/merges/{merge.id}/undoing", data={"reason": "Mother and daughter"})
    assert answer.location.endswith(f"/customers/{twin.id}")
    assert "R. Ritsema" in get(alice, f"/customers/{twin.id}").heading
    assert "Also known as" not in get(alice, f"/customers/{people.rita.id}").words
    again = alice.post(f"/merges/{merge.id}/undoing", data={"reason": "Once more"})
    assert "taken back already" in get(alice, again.location).words


def test_without_a_reason_or_a_person_nothing_happens(
    alice: Colleague, people: Cast, twin: Customer, now: datetime
) -> None:
    address = f"/customers/{twin.id}/merge"
    page = get(alice, f"{address}?q=rita")
    for typed in (
        {"reason": "The same"},
        {"into": str(people.rita.id)},
        {"into": "x", "reason": "The same"},
        {"into": "-1", "reason": "y"},
    ):
        assert send(alice, page, **typed).status_code == 422
    assert alice.post(address, data={"into": "99999", "reason": "The same"}).status_code == 404
    with writing():
        made = merging.merge(twin, people.rita, "The same name", now).id
    assert alice.post(f"/merges/{made}/undoing").status_code == 422


def test_whoever_has_the_same_name_is_offered(
    alice: Colleague, people: Cast, twin: Customer, now: datetime
) -> None:
    with writing():
        make_customer(people.webshop, "Rita Ritsema", "second@example.org", now)
    page = get(alice, f"/customers/{people.rita.id}/merge")
    assert "second@example.org" in page.words
    assert "r@example.org" not in page.words
    assert "Nobody else here has this name." in get(alice, f"/customers/{twin.id}/merge").words
    assert "Nobody matches." in get(alice, f"/customers/{twin.id}/merge?q=%25").words


def test_somebody_is_found_by_any_name_or_address_of_theirs(
    bob: Colleague, people: Cast, twin: Customer, now: datetime
) -> None:
    with writing():
        merging.merge(twin, people.rita, "The same name", now)
    for words in ("r@example.org", "R. Rit", "rita@example.com"):
        page = get(bob, f"/customers?q={words}")
        assert page.html.count('scope="row"') == 1, words
        assert "Rita Ritsema" in page.words
        assert "r@example.org" in page.words


def test_how_they_want_to_hear_and_what_they_agreed_to_is_as_they_said_it_last(
    bob: Colleague, people: Cast, now: datetime
) -> None:
    from surveys.builder.building import Draft

    with writing():
        asked = create_survey(people.webshop.id, "consent", {"en": "Agree"}, "en", people.alice.id, [*ALL_KINDS[:1], Draft("ok", "consent", {"en": "You may show my words."})], now)  # fmt: skip
        open_survey(asked, now)
        rita = Contact("Rita", "rita@example.com")
        submit(asked, Submission({"csat": (1.0, None), "ok": (None, "yes")}, "en", "n1", rita), now)
        submit(asked, Submission({"csat": (1.0, None)}, "nl", "n2", rita, "none"), now + timedelta(days=1))
    words = get(bob, f"/customers/{people.rita.id}").words
    assert "they asked not to be told" in words
    assert "Dutch" in words
    assert "“You may show my words.” 23 November 2026" in words


@pytest.mark.parametrize("words", WORDS, ids=range(len(WORDS)))
@pytest.mark.security("stored xss")
def test_a_name_and_a_reason_are_text(alice: Colleague, people: Cast, now: datetime, words: str) -> None:
    name = words.replace("\x00", "")[:150]
    with writing():
        odd = make_customer(people.webshop, name, "odd@example.org", now)
        merging.merge(odd, people.rita, f"x{name}", now)
    assert get(alice, f"/customers/{people.rita.id}").status == 200
    assert get(alice, f"/customers/{people.rita.id}/merge", query_string={"q": name}).status == 200


def test_strangers_readers_and_agents(alice: Colleague, bob: Colleague, charlie: Colleague, people: Cast, twin: Customer, now: datetime) -> None:  # fmt: skip
    said = {"into": str(people.rita.id), "reason": "The same"}
    assert bob.get(f"/customers/{twin.id}/merge").status_code == 403
    assert bob.post(f"/customers/{twin.id}/merge", data=said).status_code == 403
    assert charlie.post(f"/customers/{twin.id}/merge", data=said).status_code == 404
    with writing():
        stranger = make_customer(people.housing, "Somebody", "s@example.org", now).id
    assert (
        alice.post(f"/customers/{twin.id}/merge", data={"into": str(stranger), "reason": "x"}).status_code
        == 404
    )
    with writing():
        made = merging.merge(twin, people.rita, "The same name", now).id
    assert bob.post(f"/merges/{made}/undoing", data={"reason": "x"}).status_code == 403
    assert charlie.post(f"/merges/{made}/undoing", data={"reason": "x"}).status_code == 404
    assert db.session.scalars(select(Response)).all() == []
