"""Who is named, and what only begins with a capital."""

import pytest

from tests.triage.writing.conftest import TODAY
from triage.writing.page import Page
from triage.writing.people import is_somebody_named

NAMED = [
    ("nl", "Kees belt u."), ("nl", "Morgen belt Kees u."), ("nl", "Djamila schildert de deur."), ("nl", "Mevrouw Van der Linden belt."),
    ("nl", "Ik bel u."), ("nl", "Dat doe ik."), ("nl", "Kees’ team belt."), ("nl", "Mei-Lin helpt u."), ("nl", "Vraag het aan José."),
    ("en", "Tom will ring you."), ("en", "Tomorrow Tom will ring you."), ("en", "Djamila will paint it."), ("en", "I'll ring you."),
    ("en", "Fatima's team rings."), ("en", "Ask Mrs Lindqvist."), ("en", "O'Brien will ring you."),
]  # fmt: skip
NOT_NAMED = [
    ("nl", "Wij bellen u."), ("nl", "De monteur komt naar Utrecht."), ("nl", "Iedereen krijgt bericht."), ("nl", "Klantenservice belt u."),
    ("nl", "We mailen u via WhatsApp."), ("nl", "Vóór Kerst staat er een bank."), ("nl", "“Kees komt”, schreef u."), ("nl", ""),
    ("en", "We will ring you."), ("en", "The engineer comes on Friday."), ("en", "Everyone gets a letter."), ("en", "Maintenance fixes it."),
    ("en", "A colleague in Bristol."), ("en", "The HR team."), ("en", "Our Dutch shop opens in May."), ("en", "   "),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), NAMED)
def test_somebody_is_named(language: str, text: str) -> None:
    assert is_somebody_named(Page(text, language, TODAY))


@pytest.mark.parametrize(("language", "text"), NOT_NAMED)
def test_nobody_is_named(language: str, text: str) -> None:
    assert not is_somebody_named(Page(text, language, TODAY))
