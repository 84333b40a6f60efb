"""The default closing on a survey's page: off unless a manager chose the words and after how many days."""

import pytest

from surveys.models import Survey
from tests.browser import Colleague
from tests.pages import Page, get

CHOSEN = {"days": "30", "words_nl": "Wij lazen uw reactie niet op tijd.", "words_en": ""}


def test_a_manager_chooses_it_and_puts_it_off_again(
    alice: Colleague, vera: Colleague, survey: Survey
) -> None:
    assert "Nobody is closed by default" in get(vera, f"/surveys/{survey.id}").words
    assert alice.post(f"/surveys/{survey.id}/default-closing", data=CHOSEN).status_code == 303
    assert (survey.closing_days, survey.closing_words) == (30, {"nl": CHOSEN["words_nl"]})
    assert "After 30 days without anybody looking at it" in get(vera, f"/surveys/{survey.id}").words
    assert CHOSEN["words_nl"] in alice.get(f"/surveys/{survey.id}").text
    alice.post(f"/surveys/{survey.id}/default-closing", data=CHOSEN | {"days": ""})
    assert (survey.closing_days, survey.closing_words) == (None, {"nl": CHOSEN["words_nl"]}), (
        "the words are kept"
    )


@pytest.mark.parametrize(("change", "sentence"), [
    ({"days": "0"}, "Give a number from 1 to 365."), ({"days": "many"}, "Not a valid integer value"),
    ({"words_nl": "", "words_en": "Sorry."}, "Write the words in the language of the survey first."),
])  # fmt: skip
def test_a_bad_choice_is_refused_and_nothing_is_lost(
    alice: Colleague, survey: Survey, change: dict[str, str], sentence: str
) -> None:
    answer = alice.post(f"/surveys/{survey.id}/default-closing", data=CHOSEN | change)
    assert answer.status_code == 422
    assert sentence in Page(answer).words
    assert (CHOSEN | change)["words_nl"] in answer.text
    assert survey.closing_days is None


def test_roles_and_strangers(bob: Colleague, charlie: Colleague, survey: Survey) -> None:
    assert bob.post(f"/surveys/{survey.id}/default-closing", data=CHOSEN).status_code == 403
    assert charlie.post(f"/surveys/{survey.id}/default-closing", data=CHOSEN).status_code == 404
    assert survey.closing_days is None
