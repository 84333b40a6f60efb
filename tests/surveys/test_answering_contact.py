"""Who somebody says they are: one name on one line, one address, and one of the wishes that are offered."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from surveys.models import Survey
from tests.pages import Page, get, send
from tests.surveys.answers import responses


def contact(**values: str) -> dict[str, Any]:
    return {"csat": "4", **{f"contact__{name}": value for name, value in values.items()}}


@pytest.mark.security("header injection")
@pytest.mark.parametrize(("typed", "kept"), [
    ("Rita Ritsema", "Rita Ritsema"), ("  Rita \t\n Ritsema ", "Rita Ritsema"), ("Rita\r\nBcc: evil@example.com", "Rita Bcc: evil@example.com"),
    ("O'Brien-Ní <x>", "O'Brien-Ní <x>"), ("", ""), ("x" * 201, "x" * 200), ("Rita\u2028R", "Rita R"),
])  # fmt: skip
def test_a_name_is_one_line(client: FlaskClient, survey: Survey, typed: str, kept: str) -> None:
    send(client, get(client, "/s/bestelling"), **contact(name=typed, email="new@example.com", wants="mail"))
    (response,) = responses()
    assert response.customer
    assert response.customer.name == kept


def test_what_is_no_address_is_refused_and_kept_on_the_page(
    client: FlaskClient, survey: Survey, subtests: pytest.Subtests
) -> None:
    from tests.hostile import ADDRESSES

    for address in ADDRESSES:
        with subtests.test(address):
            page = Page(send(client, get(client, "/s/bestelling"), **contact(email=address, wants="mail")))
            assert page.status == 422
            assert "is not a mail address" in page.errors()["contact-email"]
    assert responses() == []


def test_it_says_beforehand_when_a_mail_address_is_needed(client: FlaskClient, survey: Survey) -> None:
    page = get(client, "/s/bestelling")
    assert "Your mail address Only for an answer by mail." in page.words
    assert send(client, page, **contact(wants="page")).status_code == 303, "and not otherwise"


@pytest.mark.parametrize("wants", ["fax", "MAIL", "", "mail "])
def test_a_forged_wish_is_refused(client: FlaskClient, survey: Survey, app: Flask, wants: str) -> None:
    assert send(client, get(client, "/s/bestelling"), **contact(wants=wants)).status_code == 422
    assert responses() == []
