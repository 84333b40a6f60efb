"""What Zammad's webhook says, and whether it is Zammad that says it."""

from typing import Any

import pytest

from core.errors import DomainError
from surveys.helpdesks.zammad_reading import Event, is_signed, number_of, read
from tests.zammad.payload import PAYLOAD, headers, payload

SECRET = "a secret of the webhook"
BODY = b'{"ticket": {}}'
RIGHT = headers(BODY, SECRET, "1")["X-Hub-Signature"]


def test_the_documented_payload_is_read(english: None) -> None:
    assert read(PAYLOAD) == Event("10081", "closed", "emily@example.com", "Emily Adams", "")


@pytest.mark.parametrize(
    ("ticket", "number"),
    [
        ({"number": "10081", "id": 81}, "10081"),
        ({"number": 10081}, "10081"),
        ({"id": 81}, "81"),
        ({"number": "", "id": 81}, "81"),
        ({"number": None, "id": 81}, "81"),
        ({"number": ["10081"], "id": 81}, "81"),
        ({"number": "1" * 100}, "1" * 60),
        ({"number": " 10081\n\x07"}, "10081"),
    ],
)
def test_a_ticket_has_the_number_that_people_use(english: None, ticket: dict[str, Any], number: str) -> None:
    assert read({"ticket": ticket}).ticket == number


@pytest.mark.parametrize(
    "said", [None, [], "x", 1, {}, {"ticket": None}, {"ticket": "81"}, {"ticket": {"id": False}}]
)
def test_without_a_ticket_it_says_what_to_leave_as_it_is(english: None, said: Any) -> None:
    with pytest.raises(DomainError, match="There is no ticket in this"):
        read(said)


@pytest.mark.parametrize(
    ("customer", "name"),
    [
        ({"firstname": "Emily", "lastname": "Adams"}, "Emily Adams"),
        ({"firstname": "Emily", "lastname": None}, "Emily"),
        ({"firstname": "", "lastname": "Adams"}, "Adams"),
        ({"firstname": {"a": 1}, "lastname": "Adams"}, "Adams"),
        ({"firstname": "", "lastname": ""}, ""),
    ],
)
def test_a_name_is_what_there_is_of_it(english: None, customer: dict[str, Any], name: str) -> None:
    assert read(payload(**customer)).name == name


@pytest.mark.parametrize("customer", [None, [], "emily@example.com", 8])
def test_a_customer_that_is_left_out_has_no_address(english: None, customer: Any) -> None:
    assert read({"ticket": {"id": 81, "state": "closed", "customer": customer}}).email == ""


@pytest.mark.parametrize("said", [RIGHT, RIGHT.upper(), RIGHT.removeprefix("sha1="), f" {RIGHT} "])
def test_a_signature_of_the_body_by_the_secret_is_right(said: str) -> None:
    assert is_signed(BODY, said, [SECRET])
    assert is_signed(BODY, said, ["a new key", SECRET]), "keys of ours that are still accepted count"


@pytest.mark.parametrize(
    "said", ["", "sha1=", RIGHT[:-1], f"{RIGHT}0", f"sha256={RIGHT}", "sha1=" + "f" * 40, "é" * 40]
)
def test_any_other_signature_is_wrong(said: str) -> None:
    assert not is_signed(BODY, said, [SECRET])


def test_one_letter_more_in_the_body_makes_it_wrong() -> None:
    assert not is_signed(BODY + b" ", RIGHT, [SECRET])
    assert not is_signed(BODY, RIGHT, [])


def test_a_delivery_is_known_by_its_number_and_else_by_what_it_says() -> None:
    assert number_of("4711", BODY) == "4711"
    assert number_of("x" * 300, BODY) == "x" * 100
    assert number_of("", BODY) == number_of(" \n", BODY) != number_of("", b"{}")
    assert len(number_of("", BODY)) <= 100
