"""Which language, and which form of address: looked up once for a message, and again whenever it changes."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale
from flask_babel import gettext as of_the_library

from core.models import Organisation
from core.voice import address_as, format_date, gettext, speaking

DAY, PATTERN = date(2026, 12, 4), "EEEE d MMMM y"
STOP = "Stop these messages"


@pytest.fixture(autouse=True)
def _words(wordy_app: Flask) -> Iterator[None]:
    with wordy_app.app_context():
        yield


def test_a_language_within_a_language_ends_where_it_began() -> None:
    with force_locale("nl"):
        assert gettext(STOP) == "Deze berichten stoppen"
        assert format_date(DAY, PATTERN) == "vrijdag 4 december 2026"
        with force_locale("en"):
            assert gettext(STOP) == STOP
            assert format_date(DAY, PATTERN) == "Friday 4 December 2026"
        assert gettext(STOP) == "Deze berichten stoppen"
        assert format_date(DAY, PATTERN) == "vrijdag 4 december 2026"
    assert gettext(STOP) == STOP, "nobody said anything"


def test_the_form_of_address_may_be_said_after_the_first_word() -> None:
    words = "You can simply answer this message: a person reads it."
    with force_locale("nl"):
        assert gettext(words).startswith("U kunt")
        address_as("je")
        assert gettext(words).startswith("Je kunt")
        with speaking("nl", Organisation(form_of_address="u")):
            assert gettext(words).startswith("U kunt")
        assert gettext(words).startswith("Je kunt")


def test_it_says_what_the_library_says() -> None:
    for language in ("nl", "en"):
        with force_locale(language):
            assert gettext("Good day %(name)s,", name="50%") == of_the_library(
                "Good day %(name)s,", name="50%"
            )
