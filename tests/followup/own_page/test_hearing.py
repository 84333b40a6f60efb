"""How somebody wants to hear: mail, their page, or not at all. It can be changed later, and nothing is lost on the way."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core import links
from core.access import Role
from core.db import db, writing
from core.errors import DomainError
from customers.models import Identity
from followup.composing import compose_due
from followup.judging import Judgement, judge
from followup.no_news import compose_moves
from followup.own_page.hearing import choose, way
from followup.receipts import compose_receipts
from outbox.models import Message
from outbox.suppressing import suppress
from promises.ledger import Scope, ledger
from promises.models import Promise
from promises.moving import When, move
from surveys.models import Survey
from surveys.models_responses import Response
from tests.cast import Cast
from tests.desk import form_to
from tests.followup.respondent import new, page_of, told
from tests.loop import day, decided, promises_of, settled
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("monday")

HOUR = timedelta(hours=1)


@pytest.fixture
def rita(survey: Survey, now: datetime) -> Response:
    return new(survey, now)


def chosen(response: Response, wish: str, now: datetime, address: str = "") -> list[Promise]:
    with writing():
        choose(response, wish, address, now)
    return promises_of(response)


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


@pytest.mark.both_databases
def test_not_at_all_cancels_what_was_owed_in_the_same_transaction(
    people: Cast, rita: Response, now: datetime
) -> None:
    (promise,) = chosen(rita, "none", now)
    assert promise.ended_as == "cancelled"
    found = ledger(Scope(people.webshop.id))
    assert (found.unreachable, found.promised, found.adds_up) == ({"declined": 1}, 0, True)
    with writing():
        settled(rita, decided(people, now), now)
    assert compose_due(now) == compose_receipts(now) == 0
    assert messages() == []


@pytest.mark.both_databases
def test_a_change_of_mind_is_owed_a_word_again(people: Cast, rita: Response, now: datetime) -> None:
    chosen(rita, "none", now)
    first, again = chosen(rita, "mail", now + HOUR)
    assert (first.ended_as, again.ended_as, again.because) == ("cancelled", None, "answer")
    assert ledger(Scope(people.webshop.id)).promised == 1
    assert compose_receipts(now + HOUR) == 1, "it is promised to them again"


def test_who_was_told_all_and_asks_for_silence_stays_told_when_they_come_back(
    people: Cast, rita: Response, now: datetime
) -> None:
    told(people, rita, now)
    chosen(rita, "none", now)
    assert ledger(Scope(people.webshop.id)).unreachable == {"declined": 1}
    assert len(chosen(rita, "page", now)) == 1, "nothing is owed"
    assert ledger(Scope(people.webshop.id)).told == 1


def test_what_was_decided_meanwhile_is_told_to_who_comes_back(
    people: Cast, rita: Response, now: datetime
) -> None:
    told(people, rita, now)
    chosen(rita, "none", now)
    with writing():
        settled(rita, decided(people, now + HOUR, "thanks"), now + HOUR)
    assert [p.because for p in chosen(rita, "page", now + HOUR)] == ["answer", "more"]
    assert compose_due(now + HOUR) == 1


def test_a_no_that_was_waiting_stays_a_no(people: Cast, rita: Response, now: datetime) -> None:
    told(people, rita, now)
    with writing():
        judge(rita, Judgement(None, False, "Still torn.", "n1"), now)
    chosen(rita, "none", now)
    assert chosen(rita, "mail", now)[-1].because == "not_solved"


def test_from_mail_to_the_page_the_next_word_stands_on_the_page(
    people: Cast, rita: Response, now: datetime
) -> None:
    old, new = chosen(rita, "page", now)
    assert (old.ended_as, new.channel, new.due_at, new.moves) == ("cancelled", "page", old.due_at, 0)
    with writing():
        settled(rita, decided(people, now), now)
    assert compose_due(now) == 1
    assert messages() == []
    assert ledger(Scope(people.webshop.id)).told_page == {"done": 1}


def test_a_date_that_was_moved_keeps_the_count_of_its_moves(rita: Response, now: datetime) -> None:
    with writing():
        later = When.by(day("2026-12-04"), "Europe/Amsterdam")
        move(promises_of(rita)[0], later, "The supplier is late.", Role.agent, now)
    compose_moves(now)
    assert [p.moves for p in chosen(rita, "page", now)] == [0, 1, 1]


def test_a_move_that_nobody_heard_of_is_not_mailed_to_who_wants_no_word(
    rita: Response, now: datetime
) -> None:
    with writing():
        later = When.by(day("2026-12-04"), "Europe/Amsterdam")
        move(promises_of(rita)[0], later, "The supplier is late.", Role.agent, now)
    chosen(rita, "none", now)
    assert compose_moves(now) == 0


def test_the_same_choice_again_changes_nothing(rita: Response, now: datetime) -> None:
    assert len(chosen(rita, "mail", now)) == 1
    chosen(rita, "none", now)
    assert len(chosen(rita, "none", now)) == 1


def test_a_blocked_address_is_not_unblocked_by_whoever_holds_a_link(
    people: Cast, rita: Response, now: datetime
) -> None:
    chosen(rita, "page", now)
    with writing():
        suppress(people.webshop.id, "rita@example.com", "unsubscribed", now)
    with pytest.raises(DomainError, match="gets no mail from us"):
        chosen(rita, "mail", now)
    assert way(rita) == "page"


@pytest.mark.both_databases
def test_an_address_typed_on_the_page_is_claimed_and_its_receipt_quotes_nothing(
    survey: Survey, now: datetime
) -> None:
    response = new(survey, now, "My street is Dorpsstraat 1.", wants="page")
    chosen(response, "mail", now, " Anna@Example.com ")
    identity = db.session.scalars(select(Identity).where(Identity.key == "anna@example.com")).one()
    assert (response.identity_id, identity.proved_at) == (identity.id, None)
    assert compose_receipts(now) == 1
    (message,) = messages()
    assert message.recipient == identity.value
    assert "Dorpsstraat" not in message.text + message.html
    assert "Rita" not in message.text


def test_switching_to_and_fro_fills_no_mailbox(survey: Survey, now: datetime) -> None:
    response = new(survey, now, wants="page")
    for _time in range(5):
        chosen(response, "mail", now, "victim@example.com")
        compose_receipts(now)
        chosen(response, "page", now)
        compose_receipts(now)
    assert len(messages()) == 3, "three receipts a day, as for any claimed address"


# On their own page


def pressed(client: FlaskClient, response: Response, **typed: str) -> TestResponse:
    page, path = page_of(client, response), links.path("status", response.id, response.link_version)
    return client.post(f"{path}/hearing", data=form_to(page, f"{path}/hearing") | typed)


def test_the_page_shows_how_they_hear_now_and_a_button_changes_it(
    client: FlaskClient, rita: Response
) -> None:
    path = links.path("status", rita.id, rita.link_version)
    assert form_to(page_of(client, rita), f"{path}/hearing")["way"] == "mail"
    answer = pressed(client, rita, way="page")
    assert (answer.status_code, answer.location) == (303, path)
    page = page_of(client, rita)
    assert "The answer appears on this page." in page.words
    assert form_to(page, f"{path}/hearing")["way"] == "page"


def test_whoever_wants_no_word_reads_that_they_may_change_their_mind(
    client: FlaskClient, rita: Response
) -> None:
    pressed(client, rita, way="none")
    words = page_of(client, rita).words
    assert "As you asked, we do not report back." in words
    assert "You can change your mind below" in words
    assert "Your verdict" not in words
    pressed(client, rita, way="mail")
    assert "You hear from Alice Adams by" in page_of(client, rita).heading


def test_mail_needs_an_address_from_who_gave_none(client: FlaskClient, survey: Survey, now: datetime) -> None:
    response = new(survey, now, wants="page")
    for typed, sentence in (
        ("", "Fill in your mail address, or choose to hear on this page."),
        ("anna", "“anna” is not a mail address. An example is name@example.org."),
    ):
        page = Page(pressed(client, response, way="mail", email=typed))
        assert (page.status, page.errors()) == (422, {"email": sentence})
    assert pressed(client, response, way="mail", email="anna@example.com").status_code == 303
    assert "email" not in page_of(client, response).html.split('id="hearing"')[1].split("</form>")[0]


def test_who_is_known_is_not_asked_for_an_address(client: FlaskClient, rita: Response) -> None:
    page = page_of(client, rita)
    assert not [e for e in page.tree.iter("input") if e.attrib.get("name") == "email"]
    assert "rita@example.com" not in page.html, "a page shows no address, whoever holds its link"


def test_a_refusal_stands_on_the_page_beside_the_choice(
    client: FlaskClient, people: Cast, rita: Response, now: datetime
) -> None:
    chosen(rita, "page", now)
    with writing():
        suppress(people.webshop.id, "rita@example.com", "unsubscribed", now)
    page = Page(pressed(client, rita, way="mail"))
    assert page.status == 422
    assert "Your address gets no mail from us." in page.errors()["way"]


@pytest.mark.parametrize(
    "typed", [{"page": ""}, {"page": "nonsense"}, {"way": ""}, {"way": "pigeon"}, {"way": "<script>"}]
)
def test_a_forged_choice_changes_nothing(client: FlaskClient, rita: Response, typed: dict[str, str]) -> None:
    assert pressed(client, rita, **{"way": "none", **typed}).status_code == 422
    assert way(rita) == "mail"
    assert len(promises_of(rita)) == 1


def test_a_token_of_the_other_form_or_of_another_page_opens_nothing(
    client: FlaskClient, survey: Survey, rita: Response, now: datetime
) -> None:
    other = new(survey, now, email="other@example.com")
    path = links.path("status", other.id, other.link_version)
    foreign = form_to(page_of(client, other), f"{path}/hearing")["page"]
    verdict = page_of(client, rita).form()["page"]
    for token in (foreign, verdict):
        assert pressed(client, rita, way="none", page=token).status_code == 422
    assert way(rita) == "mail"


def test_wrong_addresses_are_not_there_alike(client: FlaskClient, rita: Response, now: datetime) -> None:
    good = links.path("status", rita.id, rita.link_version)
    wrong = [f"{good[:-1]}x", good.replace("/f/1.", "/f/2."), links.path("status", rita.id, 2), "/f/nonsense"]
    pages = [Page(client.get(path)) for path in wrong]
    with writing():
        rita.erased_at = now
    pages += [Page(client.get(good)), Page(client.post(f"{good}/hearing", data={"way": "none"}))]
    assert {p.status for p in pages} == {404}
    assert len({p.words for p in pages[:-1]}) == 1, "nothing tells one from another"
    assert pages[-1].heading == pages[0].heading, "which also shows what was typed"
    assert "Answer that message: a person reads it." in pages[0].words


def test_a_link_with_a_choice_in_it_chooses_nothing(client: FlaskClient, rita: Response) -> None:
    client.get(links.path("status", rita.id, rita.link_version) + "?way=none")
    assert client.get(links.path("status", rita.id, rita.link_version) + "/hearing").status_code == 405
    assert way(rita) == "mail"
