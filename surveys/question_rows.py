"""One question in the form with which staff make a survey: its words, and the draft it becomes."""

import re
import unicodedata
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField

from core.application import LANGUAGES
from core.text import one_line
from surveys.building import Draft
from surveys.kinds import KINDS
from surveys.kinds.base import Meta


def clean(text: str | None) -> str:
    return one_line(text or "")


class QuestionRow(Form):
    """One question; the list of answers only means something for a choice."""

    Meta = Meta

    kind = HiddenField()
    prompt_nl = StringField(_l("In Dutch"), filters=[clean])
    prompt_en = StringField(_l("In English"), filters=[clean])
    required = BooleanField(_l("Must be answered"))
    choices_nl = TextAreaField(_l("Answers in Dutch, one a line"))
    choices_en = TextAreaField(_l("Answers in English, one a line"))

    def draft(self, key: str) -> Draft:
        options = {"choices": self.choices()} if self.kind.data == "single_choice" else {}
        return Draft(
            key, self.kind.data or "", words(self, "prompt"), bool(self.required.data), options=options
        )

    def choices(self) -> list[dict[str, Any]]:
        """{key, words}: the lines of both languages side by side; keys are in no language, so that they never change."""
        columns = [
            [(language, line) for line in clean_lines(self[f"choices_{language}"].data)]
            for language in LANGUAGES
        ]
        rows = zip_longest(*columns)
        return [
            {"key": str(n), "words": dict(said for said in row if said)}
            for n, row in enumerate(rows, start=1)
        ]

    def refuse(self, language: str) -> None:
        """A sentence beside what is missing in the survey's own language."""
        if self.kind.data not in KINDS:
            self.prompt_nl.errors = [_("This kind of question does not exist.")]
        elif not self[f"prompt_{language}"].data:
            self[f"prompt_{language}"].errors = [_("Write the question in the language of the survey.")]
        elif self.kind.data == "single_choice" and len(clean_lines(self[f"choices_{language}"].data)) < 2:
            self[f"choices_{language}"].errors = [_("Give at least two answers to choose from.")]


def words(form: Any, name: str) -> dict[str, str]:
    """language → what was written, where something was."""
    return {language: text for language in LANGUAGES if (text := form[f"{name}_{language}"].data)}


def clean_lines(text: str | None) -> list[str]:
    return [line for line in map(clean, (text or "").splitlines()) if line]


def slugged(text: str) -> str:
    """Small letters, digits and hyphens: "Hoe was het?" → hoe-was-het"""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")
