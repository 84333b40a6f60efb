"""A ticket closed in Zammad asks its customer: the documented payload, signed as Zammad signs it, posted to the application."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from core.db import db, writing
from customers.models import Customer
from outbox.models import Message
from outbox.suppressing import suppress
from reports.erasure.erasing import erase
from surveys.answering import Submission
from surveys.builder.building import close_survey
from surveys.helpdesks import zammad
from surveys.helpdesks.models import ZammadDelivery, ZammadHook
from surveys.invitations.invited import answer_invitation
from surveys.invitations.models import Invitation, InvitationList
from surveys.jobs import send_invitations
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.each import each
from tests.hostile import UNKEEPABLE, WORDS
from tests.pages import Page, get
from tests.zammad.payload import body_of, headers, payload

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHO = "emily@example.com"
numbers = count()


def post(client: FlaskClient, hook: ZammadHook, said: Any, delivery: str = "", **other: str) -> Any:
    body = said if isinstance(said, bytes) else body_of(said)
    sent = headers(body, zammad.secrets(hook)[0], delivery or f"delivery-{next(numbers)}")
    return client.post(f"/hooks/zammad/{hook.survey.slug}", data=body, headers={**sent, **other})


def came(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    said: str = answer.json["outcome"]
    return said


def asked() -> list[Invitation]:
    db.session.rollback()
    return list(db.session.scalars(select(Invitation).order_by(Invitation.id)))


def mails() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == "invitation")))


@pytest.mark.both_databases
def test_a_closed_ticket_asks_its_customer_after_the_delay(
    client: FlaskClient, hook: ZammadHook, monday: Any, now: datetime
) -> None:
    answer = post(client, hook, payload())
    assert answer.json == {"outcome": "asked", "sentence": "The customer is asked after the delay."}
    send_invitations(now)
    (invitation,) = asked()
    assert (invitation.send_at, invitation.written_at) == (now + DAY, None)
    send_invitations(now + DAY)
    (mail,) = mails()
    assert (mail.recipient, mail.recipient_name) == (WHO, "Emily Adams")


@pytest.mark.both_databases
def test_the_same_delivery_twice_is_one_and_is_answered_the_same(
    client: FlaskClient, hook: ZammadHook, monday: Any, now: datetime
) -> None:
    first, again = (post(client, hook, payload(), "the-same") for _twice in range(2))
    assert first.json == again.json
    send_invitations(now)
    assert len(asked()) == 1
    assert db.session.scalar(select(func.count(ZammadDelivery.id))) == 1


def test_a_second_word_about_a_ticket_that_waits_changes_nothing(
    client: FlaskClient, hook: ZammadHook, monday: Any, now: datetime
) -> None:
    assert came(post(client, hook, payload())) == "asked"
    assert came(post(client, hook, payload())) == "waits"
    send_invitations(now)
    assert came(post(client, hook, payload())) == "waits"
    assert len(asked()) == 1


@pytest.mark.parametrize("ticked", [False, True])
def test_opened_again_before_the_mail_the_invitation_is_taken_back(
    client: FlaskClient, hook: ZammadHook, monday: Any, now: datetime, *, ticked: bool
) -> None:
    post(client, hook, payload())
    if ticked:
        send_invitations(now)
    assert came(post(client, hook, payload("open"))) == "taken_back"
    send_invitations(now + 2 * DAY)
    assert mails() == []


def test_closed_once_more_after_that_they_are_asked(
    client: FlaskClient, hook: ZammadHook, monday: Any, now: datetime
) -> None:
    for state, outcome in (("closed", "asked"), ("open", "taken_back"), ("closed", "asked")):
        assert came(post(client, hook, payload(state))) == outcome
        send_invitations(now)
    send_invitations(now + DAY)
    assert len(mails()) == 1


def test_closed_once_more_after_the_mail_the_frequency_rule_decides(
    client: FlaskClient, hook: ZammadHook, monday: Any, now: datetime
) -> None:
    post(client, hook, payload())
    send_invitations(now), send_invitations(now + DAY)
    monday.move_to(now + 2 * DAY)
    assert came(post(client, hook, payload("open"))) == "too_late"
    assert came(post(client, hook, payload())) == "lately"
    monday.move_to(now + 32 * DAY)
    assert came(post(client, hook, payload())) == "asked"


def test_another_ticket_of_the_same_customer_asks_nobody_twice(
    client: FlaskClient, hook: ZammadHook, monday: Any, now: datetime
) -> None:
    post(client, hook, payload())
    send_invitations(now)
    assert came(post(client, hook, payload(number="10082"))) == "lately"


@pytest.mark.parametrize(
    ("customer", "outcome"),
    [({"email": ""}, "no_mail"), ({"email": None}, "no_mail"), ({"email": "at home"}, "bad_mail"), ({"email": ["a@b.example"]}, "no_mail")],
)  # fmt: skip
def test_without_a_mail_address_it_is_taken_and_named_and_nobody_is_asked(
    client: FlaskClient, hook: ZammadHook, monday: Any, customer: dict[str, Any], outcome: str
) -> None:
    assert came(post(client, hook, payload(**customer))) == outcome
    assert db.session.scalar(select(func.count(InvitationList.id))) == 0


def test_whoever_left_is_not_asked(client: FlaskClient, hook: ZammadHook, monday: Any, now: datetime) -> None:
    with writing():
        suppress(hook.organisation_id, WHO, "unsubscribed", now, stream="survey")
    assert came(post(client, hook, payload())) == "blocked"


def test_a_survey_that_is_closed_asks_nobody(
    client: FlaskClient, hook: ZammadHook, monday: Any, now: datetime
) -> None:
    with writing():
        close_survey(db.session.get_one(Survey, hook.survey_id), now)
    assert came(post(client, hook, payload())) == "survey_closed"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ({}, "nl"),
        ({"language": "en"}, "en"),
        ({"locale": "en-gb"}, "en"),
        ({"language": "fr"}, "nl"),
        ({"locale": 7}, "nl"),
    ],
)
def test_they_are_asked_in_their_language_where_zammad_says_it(
    client: FlaskClient, hook: ZammadHook, monday: Any, now: datetime, said: dict[str, Any], language: str
) -> None:
    post(client, hook, payload(**said))
    send_invitations(now)
    assert [i.language for i in asked()] == [language]


def test_a_closed_ticket_has_the_name_that_this_zammad_gives_it(
    client: FlaskClient, hook: ZammadHook, monday: Any
) -> None:
    with writing():
        zammad.connect(hook.survey, 0, ["Geschlossen ", "erledigt"], hook.made_at)
    assert came(post(client, hook, payload("closed"))) == "nothing"
    assert came(post(client, hook, payload("GESCHLOSSEN"))) == "asked"


def test_a_state_that_is_an_object_is_read_too(client: FlaskClient, hook: ZammadHook, monday: Any) -> None:
    assert came(post(client, hook, payload({"id": 4, "name": "closed"}))) == "asked"  # type: ignore[arg-type]


def test_the_answer_is_about_the_ticket(
    client: FlaskClient, alice: Colleague, hook: ZammadHook, now: datetime
) -> None:
    post(client, hook, payload())
    send_invitations(now), send_invitations(now + DAY)
    with writing():
        response = answer_invitation(asked()[0].id, Submission({"csat": (2, None)}, "en", "n"), now + 2 * DAY)
    assert "ticket 10081 in Zammad" in get(alice, f"/responses/{response.id}").words


@pytest.mark.parametrize(
    "how", ["wrong", "of another body", "md5", "of a secret before", "empty hash", "letters of nowhere"]
)
def test_a_wrong_signature_is_refused_with_what_to_do(
    client: FlaskClient, alice: Colleague, hook: ZammadHook, how: str
) -> None:
    said = body_of(payload())
    right = headers(said, zammad.secrets(hook)[0], "d")["X-Hub-Signature"]
    signature = {
        "wrong": "sha1=" + "0" * 40, "of another body": headers(b"{}", zammad.secrets(hook)[0], "d")["X-Hub-Signature"],
        "md5": right.replace("sha1", "md5"), "of a secret before": right, "empty hash": "sha1=", "letters of nowhere": "sha1=é",
    }[how]  # fmt: skip
    if how == "of a secret before":
        with writing():
            zammad.renew(db.session.get_one(ZammadHook, hook.id), hook.made_at)
    answer = post(client, hook, said, **{"X-Hub-Signature": signature})
    assert (answer.status_code, "signature is not right" in answer.text) == (403, True)
    assert db.session.scalar(select(func.count(ZammadDelivery.id))) == 0
    assert "a signature that is not right" in get(alice, page_of(hook.survey)).words
    assert came(post(client, hook, said)) == "asked"
    assert "a signature that is not right" not in get(alice, page_of(hook.survey)).words


def test_without_a_signature_it_says_where_to_give_the_secret(client: FlaskClient, hook: ZammadHook) -> None:
    answer = client.post(f"/hooks/zammad/{hook.survey.slug}", json=payload())
    assert (answer.status_code, "HMAC SHA1 Signature Token" in answer.text) == (400, True)


def test_an_unknown_survey_and_one_that_was_switched_off_are_not_there(
    client: FlaskClient, hook: ZammadHook, now: datetime
) -> None:
    assert client.post("/hooks/zammad/nobody", json=payload()).status_code == 404
    with writing():
        zammad.end(db.session.get_one(ZammadHook, hook.id), now)
    answer = post(client, hook, payload())
    assert (answer.status_code, "No survey here expects" in answer.json["detail"]) == (404, True)


def test_a_body_that_is_too_large_is_refused_with_its_bound(client: FlaskClient, hook: ZammadHook) -> None:
    answer = post(client, hook, body_of({**payload(), "article": {"body": "x" * 1024 * 1024}}))
    assert (answer.status_code, answer.json["detail"]) == (
        413,
        "This is larger than 1 MB. Leave the payload in Zammad as it is.",
    )


BROKEN: dict[str, bytes] = {
    "nothing": b"", "no json": b"{", "a list": b"[]", "a word": b'"closed"', "null": b"null", "no utf-8": b"\xff\xfe{}",
    "deep": b"[" * 100_000, "nested": body_of({"ticket": {"customer": {"a": {"b": [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}}}}),
    "a great number": b'{"ticket": {"number": ' + b"9" * 5000 + b"}}", "not a number": b'{"ticket": {"number": NaN}}',
    "no ticket": body_of({"article": {}}), "a ticket that is none": body_of({"ticket": [1, 2]}), "true": body_of({"ticket": {"number": True}}),
    "half a letter": b'{"ticket": {"number": "\\ud800"}}', "nul": b'{"ticket": {"number": "1\\u0000"}}',
}  # fmt: skip


@each("body", BROKEN.values())
def test_what_cannot_be_read_is_refused_with_a_sentence(
    client: FlaskClient, hook: ZammadHook, body: bytes
) -> None:
    answer = post(client, hook, body)
    assert answer.status_code in {400, 422}
    assert answer.json["detail"].endswith(".")
    assert db.session.scalar(select(func.count(ZammadDelivery.id))) == 0


@pytest.mark.parametrize("words", [*WORDS.values(), *UNKEEPABLE.values()])
def test_hostile_words_in_each_part_never_break_it(
    client: FlaskClient, alice: Colleague, hook: ZammadHook, now: datetime, words: str
) -> None:
    said = payload(firstname=words, lastname=words, language=words)
    said["ticket"].update(number=f"7{words}", title=words)
    answer = post(
        client, hook, said, words.encode("ascii", "ignore").decode().replace("\n", " ").replace("\r", "")[:80]
    )
    assert answer.status_code in {200, 422}
    for state in (words, "closed"):
        assert post(
            client, hook, {"ticket": {"number": "8", "state": state, "customer": {"email": words}}}
        ).status_code in {200, 422}
    send_invitations(now)
    assert get(alice, f"/surveys/{hook.survey_id}/zammad").status == 200


def test_content_that_is_not_called_json_is_refused(client: FlaskClient, hook: ZammadHook) -> None:
    assert post(client, hook, payload(), **{"Content-Type": "text/plain"}).status_code == 415


def test_delivered_without_a_number_the_same_words_are_the_same_delivery(
    client: FlaskClient, hook: ZammadHook, monday: Any
) -> None:
    for _twice in range(2):
        assert came(post(client, hook, payload(), **{"X-Zammad-Delivery": ""})) == "asked"
    assert db.session.scalar(select(func.count(ZammadDelivery.id))) == 1


def test_who_is_erased_leaves_no_number_of_a_ticket(
    client: FlaskClient, people: Cast, hook: ZammadHook, monday: Any, now: datetime
) -> None:
    post(client, hook, payload())
    send_invitations(now)
    gone = db.session.scalars(select(Customer).where(Customer.name == "Emily Adams")).one()
    with writing():
        erase(gone, "They asked for it.", now)
    assert list(db.session.scalars(select(ZammadDelivery.ticket))) == [""]


def page_of(survey: Survey) -> str:
    return f"/surveys/{survey.id}/zammad"


def test_it_is_connected_on_a_page_that_shows_the_secret_once(
    alice: Colleague, client: FlaskClient, survey: Survey
) -> None:
    assert "Ask after a ticket in Zammad" in get(alice, f"/surveys/{survey.id}").links()
    made = Page(alice.post(page_of(survey), data={"hours": "48", "names": "closed, done"}))
    hook = zammad.hook_of(survey)
    assert hook
    assert (made.status, hook.delay_hours, hook.closed_names) == (201, 48, ["closed", "done"])
    assert zammad.secrets(hook)[0] in made.words
    again = get(alice, page_of(survey))
    assert zammad.secrets(hook)[0] not in again.html
    assert f"/hooks/zammad/{survey.slug}" in again.html
    assert came(post(client, hook, payload())) == "asked"
    words = get(alice, page_of(survey)).words
    assert "10081 closed" in words
    assert "The customer is asked after the delay." in words


def test_a_new_secret_is_shown_once_and_the_old_one_signs_nothing(alice: Colleague, hook: ZammadHook) -> None:
    before = zammad.secrets(hook)[0]
    made = Page(alice.post(f"{page_of(hook.survey)}/secret"))
    db.session.expire_all()
    assert (made.status, zammad.secrets(hook)[0] in made.words, before in made.html) == (201, True, False)


def test_switched_off_and_on_again_it_has_another_secret(alice: Colleague, hook: ZammadHook) -> None:
    before = zammad.secrets(hook)[0]
    assert alice.post(f"{page_of(hook.survey)}/end").status_code == 303
    assert alice.post(f"{page_of(hook.survey)}/end").status_code == 409
    assert alice.post(page_of(hook.survey), data={"hours": "24", "names": ""}).status_code == 201
    db.session.expire_all()
    assert zammad.secrets(hook)[0] != before
    assert hook.closed_names == ["closed"]


@pytest.mark.parametrize("hours", ["-1", "673", "x", "", "1e9"])
def test_hours_out_of_bounds_are_refused(alice: Colleague, survey: Survey, hours: str) -> None:
    page = Page(alice.post(page_of(survey), data={"hours": hours, "names": "closed"}))
    assert (page.status, set(page.errors())) == (422, {"hours"})
    assert zammad.hook_of(survey) is None


def test_only_managers_of_the_same_organisation_see_it(
    bob: Colleague, charlie: Colleague, survey: Survey
) -> None:
    assert [browser.get(page_of(survey)).status_code for browser in (bob, charlie)] == [403, 404]
