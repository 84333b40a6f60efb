"""The script's words with their names and dates filled in."""

from datetime import date

from flask_babel import force_locale, format_date

from demo.courses import Course
from demo.stage import Stage
from demo.texts import Deed, Words


def named(stage: Stage, words: Words, owner: str, signer: str = "") -> Words:
    """With the names of people; {done_on} and {due_on} stay, for the letter writes each reader's own date."""
    names = {"{owner}": stage.name(owner), "{signer}": stage.name(signer) if signer else ""}
    return {language: _replaced(text, names) for language, text in words.items()}


def dated(stage: Stage, words: Words, deed: Deed, life: Course, day: date) -> Words:
    """With the names and with the dates as they stood on `day`: for words that no letter fills."""
    dates = {"{done_on}": life.done, "{due_on}": life.due_on(day)}
    named_words = named(stage, words, deed.owner)
    return {language: _replaced(text, _written(dates, language)) for language, text in named_words.items()}


def _written(dates: dict[str, date | None], language: str) -> dict[str, str]:
    with force_locale(language):
        return {mark: format_date(day, "d MMMM y") for mark, day in dates.items() if day}


def _replaced(text: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text
