"""One button: what it does is kept whole or not at all, and the page that follows says which."""

from typing import Any

import pytest
from flask import Flask, get_flashed_messages
from sqlalchemy import select

from core.db import db
from core.errors import Conflict, DomainError
from core.models import Organisation
from core.saying import written
from tests.cast import Cast


def said() -> list[Any]:
    return list(get_flashed_messages(with_categories=True))


def named(people: Cast) -> str | None:
    return db.session.scalar(select(Organisation.name).where(Organisation.id == people.webshop.id))


@pytest.fixture(autouse=True)
def button(app: Flask, people: Cast) -> object:
    with app.test_request_context("/", method="POST"):
        yield


def rename(people: Cast) -> None:
    db.session.get_one(Organisation, people.webshop.id).name = "Renamed"
    db.session.flush()


def rename_and(error: Exception, people: Cast) -> None:
    rename(people)
    raise error


def test_what_is_kept_is_said(people: Cast) -> None:
    with written("Kept."):
        rename(people)
    assert (named(people), said()) == ("Renamed", [("message", "Kept.")])


def test_what_is_only_known_afterwards_is_said_too(people: Cast) -> None:
    with written() as sentences:
        rename(people)
        sentences.append("One is kept.")
    assert said() == [("message", "One is kept.")]


def test_nothing_to_say_says_nothing(people: Cast) -> None:
    with written():
        rename(people)
    assert (named(people), said()) == ("Renamed", [])


def test_a_refusal_undoes_it_and_says_only_why(people: Cast) -> None:
    before = named(people)
    with written("Kept."):
        rename_and(Conflict("A colleague was first."), people)
    assert (named(people), said()) == (before, [("error", "A colleague was first.")])


def test_a_refusal_that_it_was_not_made_for_goes_on_to_who_handles_it(people: Cast) -> None:
    before = named(people)
    with pytest.raises(DomainError, match="There is none"), written("Kept."):
        rename_and(DomainError("There is none."), people)
    assert (named(people), said()) == (before, [])


def test_it_can_be_made_for_every_refusal(people: Cast) -> None:
    with written("Kept.", refused=DomainError):
        rename_and(DomainError("There is none."), people)
    assert said() == [("error", "There is none.")]


def test_what_is_no_refusal_is_never_hidden(people: Cast) -> None:
    before = named(people)
    with pytest.raises(ZeroDivisionError), written("Kept.", refused=DomainError):
        rename_and(ZeroDivisionError(), people)
    assert (named(people), said()) == (before, [])
