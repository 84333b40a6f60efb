"""Colleagues at their desks on one Monday morning, for the tests of staff pages. A conftest takes what it needs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import time_machine
from flask import Flask

from core.db import db, writing
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague, signed_in
from tests.cast import Cast, make_staff
from tests.loop import answered, decided, opened_survey
from tests.pages import Page
from triage.commenting import comments_of
from triage.models import Action, Comment
from triage.themes.models import Theme


@pytest.fixture
def monday(now: datetime) -> Iterator[time_machine.Traveller]:
    """It is `now` for the pages too, until a test moves the clock."""
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def survey(people: Cast, now: datetime) -> Survey:
    with writing():
        return opened_survey(people, now)


@pytest.fixture
def action(people: Cast, survey: Survey, now: datetime) -> Action:
    """Something done, which answers nobody yet."""
    with writing():
        return decided(people, now)


@pytest.fixture
def alice(app: Flask, people: Cast, monday: object) -> Colleague:
    """Manager of the webshop."""
    return signed_in(app, people.alice)


@pytest.fixture
def bob(app: Flask, people: Cast, monday: object) -> Colleague:
    """Agent of the webshop."""
    return signed_in(app, people.bob)


@pytest.fixture
def charlie(app: Flask, people: Cast, monday: object) -> Colleague:
    """Manager of another organisation: a stranger to all of this."""
    return signed_in(app, people.charlie)


@pytest.fixture
def vera(app: Flask, people: Cast, now: datetime, monday: object) -> Colleague:
    """Viewer of the webshop: sees, and changes nothing."""
    with writing():
        staff = make_staff(people.webshop, "Vera Visser", "viewer", now)
    return signed_in(app, staff)


def said(survey: Survey, now: datetime, words: str = "The box was torn.", **values: Any) -> Comment:
    """A comment of somebody who answered, by mail address (`email`)."""
    with writing():
        (comment,) = comments_of(answered(survey, now, words, **values))
    return comment


def scored(survey: Survey, now: datetime, **values: Any) -> Response:
    """An answer without words."""
    with writing():
        return answered(survey, now, "", **values)


def theme(people: Cast, key: str, name: str) -> Theme:
    with writing():
        made = Theme(organisation_id=people.webshop.id, key=key, name={"en": name, "nl": name})
        db.session.add(made)
    return made


def labelled(comment: Comment, *themes: Theme, emotion: str | None = None) -> Comment:
    with writing():
        comment.themes, comment.emotion = list(themes), emotion
    return comment


def form_to(page: Page, address: str) -> dict[str, str]:
    """What a browser would send now in the form of this page that goes to `address`: name → value, the last of several."""
    (form,) = [f for f in page.tree.iter("form") if f.attrib.get("action", "").split("?")[0] == address]
    return {e.attrib["name"]: _value(e) for e in form.iter() if "name" in e.attrib and _is_sent(e)}


def _is_sent(element: Element) -> bool:
    choice = element.attrib.get("type") in {"radio", "checkbox"}
    return element.tag in {"input", "textarea", "select"} and (not choice or "checked" in element.attrib)


def _value(element: Element) -> str:
    if element.tag == "select":
        chosen = [o for o in element.iter("option") if "selected" in o.attrib] or list(
            element.iter("option")
        )[:1]
        return chosen[0].attrib["value"] if chosen else ""
    return (element.text or "").lstrip("\n") if element.tag == "textarea" else element.attrib.get("value", "")
