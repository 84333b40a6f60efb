"""One question in the form with which staff make a survey: its words, and the draft it becomes."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString  # type: ignore[import-untyped]
from wtforms import BooleanField, Form, HiddenField, SelectField, StringField, TextAreaField

from core.application import language_name
from core.languages import in_language
from core.text import one_line
from surveys.builder.building import Draft
from surveys.builder.carrying import Asked, carried, with_unseen
from surveys.kinds import KINDS, LIST_KINDS
from surveys.kinds.base import Meta
from surveys.models import Question

MIN_LINES = 2
ALSO = {"yes_no": [("ja", "yes"), ("nee", "no"), ("Yes", "yes"), ("No", "no")]}
"""kind → how else its answers may be named: [(words, key)]"""
NO_WORDS = "-"
"""A line that has no words in this language (yet)."""
LONGEST_LINE = 5_000


def clean(text: str | None) -> str:
    return one_line(text or "")


def in_lines(text: str | None) -> str:
    """What cannot be seen becomes a space, in each line."""
    return "\n".join(one_line(line, LONGEST_LINE) for line in re.split(r"\r\n|\r|\n", text or ""))


lines_field = partial(TextAreaField, filters=[in_lines])


class QuestionRow(Form):
    """One question; which of its fields mean something depends on its kind. `row_in` adds those for words, a field a language."""

    Meta = Meta
    codes: tuple[str, ...] = ()

    kind = HiddenField()
    key = HiddenField()
    before: Asked | None = None
    """The question as it was asked last, for one that is edited."""
    required = BooleanField(_l("Must be answered"))
    after = SelectField(_l("Asked"), choices=[], default="", validate_choice=False)
    after_answers = StringField(_l("After these answers, with commas between them"), filters=[clean])

    @property
    def has_choices(self) -> bool:
        return self.kind.data in LIST_KINDS

    @property
    def has_rows(self) -> bool:
        return self.kind.data == "matrix"

    @property
    def steps(self) -> int:
        return KINDS[self.kind.data].steps if self.kind.data in KINDS else 0

    @property
    def has_more(self) -> bool:
        """Something is said in the part that is folded away."""
        said = [f"{name}_{code}" for name in ("help", "words") for code in self.codes]
        names = (*said, "after", "after_answers")
        return any(self[name].data or self[name].errors for name in names)

    def draft(self, key: str, show_if: dict[str, Any] | None = None) -> Draft:
        required = bool(self.required.data) and self.kind.data != "hidden"
        return Draft(
            key,
            self.kind.data or "",
            self._in_all_languages("prompt"),
            required,
            self._in_all_languages("help"),
            self._options(show_if),
        )

    def _in_all_languages(self, name: str) -> dict[str, str]:
        return with_unseen(
            words(self, self.codes, name), getattr(self.before.question, name) or {} if self.before else {}
        )

    def _options(self, show_if: dict[str, Any] | None) -> dict[str, Any]:
        held = {
            "choices": self.keyed("choices") if self.has_choices else None,
            "rows": self.keyed("rows") if self.has_rows else None,
            "words": self._words_beside() if self.steps else None,
            "show_if": show_if,
        }
        return {name: value for name, value in held.items() if value}

    def keyed(self, name: str) -> list[dict[str, Any]]:
        """{key, words}; keys are in no language, so that they never change."""
        said = [one for one in self._side_by_side(name) if one]
        return carried(said, *(self.before.lines(name), self.before.keys[name]) if self.before else ([], ()))

    def _words_beside(self) -> list[dict[str, str]]:
        """Of the steps of a scale; as many as before keep what they say in other languages."""
        said, before = self._side_by_side("words"), self.before.lines("words") if self.before else []
        return (
            [with_unseen(*pair) for pair in zip(said, before, strict=True)]
            if len(said) == len(before)
            else said
        )

    def _side_by_side(self, name: str) -> list[dict[str, str]]:
        """The lines of all languages beside each other."""
        columns = [
            [(language, line) for line in clean_lines(self[f"{name}_{language}"].data)]
            for language in self.codes
        ]
        return [dict(said for said in row if said and said[1] != NO_WORDS) for row in zip_longest(*columns)]

    def refuse(self, language: str) -> None:
        """A sentence beside what is missing in the survey's own language."""
        if self.kind.data not in KINDS:
            self[f"prompt_{language}"].errors = [_("This kind of question does not exist.")]
            return
        if not self[f"prompt_{language}"].data:
            self[f"prompt_{language}"].errors = [_("Write the question in the language of the survey.")]
        if self.has_choices and len(clean_lines(self[f"choices_{language}"].data)) < MIN_LINES:
            self[f"choices_{language}"].errors = [_("Give at least two answers to choose from.")]
        if self.has_rows and len(clean_lines(self[f"rows_{language}"].data)) < MIN_LINES:
            self[f"rows_{language}"].errors = [_("Give at least two lines.")]
        if self.steps:
            self._refuse_words(language)

    def _refuse_words(self, own: str) -> None:
        """None at all, or as many as there are steps, or two for the ends; in its own language when in another one."""
        counts = {code: len(clean_lines(self[f"words_{code}"].data)) for code in self.codes}
        wrong = [code for code, n in counts.items() if n not in {0, 2, self.steps}]
        if any(counts.values()) and (wrong or set(counts.values()) - {0, counts[own]}):
            self[f"words_{(wrong or [own])[0]}"].errors = [
                _(
                    "Give %(steps)d words, one for each step, or two, for the ends; in each language as many.",
                    steps=self.steps,
                )
            ]

    def answers_said(self, deciding: "QuestionRow") -> list[str]:
        """The keys of the answers that are named, by key or by their words in any language; what is none of them as it is."""
        known = deciding.known_answers()
        said = [clean(one) for one in (self.after_answers.data or "").split(",")]
        return [known.get(one.casefold(), one) for one in said if one]

    @property
    def decides(self) -> bool:
        """Others may depend on its answers."""
        return bool(self.offered_answers())

    def offered_answers(self) -> dict[str, str]:
        """key → words, of every answer there can be; nothing where that is no list."""
        if self.kind.data not in KINDS:
            return {}
        question = Question(kind=self.kind.data, options={"choices": self.keyed("choices")})
        named = {one["key"]: in_language(one["words"], "") for one in self.keyed("choices")}
        return {key: named.get(key, key) for key in KINDS[question.kind].answers(question)}

    def known_answers(self) -> dict[str, str]:
        """What somebody may write for an answer → its key."""
        if self.has_choices:
            said = [(word, one["key"]) for one in self.keyed("choices") for word in one["words"].values()]
        else:
            said = ALSO.get(self.kind.data or "", [])
        return {word.casefold(): key for word, key in said}


@lru_cache(maxsize=64)
def row_in(codes: tuple[str, ...]) -> type[QuestionRow]:
    """A row with room for words in these languages."""
    made = {
        f"{name}_{code}": in_order(n, field(label(named(code))))
        for n, (name, field, label) in enumerate(SAID)
        for code in codes
    }
    return type("QuestionRow", (QuestionRow,), {**made, "codes": codes})


def named(code: str) -> Any:
    """A language, in the one of whoever reads it."""
    return LazyString(language_name, code)


def in_order(place: int, field: Any) -> Any:
    """Before the fields that a class has by itself: what is wrong is named from the top of the form down."""
    field.creation_counter = place - 100
    return field


line_field = partial(StringField, filters=[clean])
SAID: tuple[tuple[str, Any, Callable[[Any], Any]], ...] = (
    ("prompt", line_field, lambda name: _l("In %(language)s", language=name)),
    ("rows", lines_field, lambda name: _l("Lines in %(language)s, one a line", language=name)),
    ("choices", lines_field, lambda name: _l("Answers in %(language)s, one a line", language=name)),
    ("help", line_field, lambda name: _l("Help below it, in %(language)s", language=name)),
    (
        "words",
        lines_field,
        lambda name: _l("Words beside the steps in %(language)s, one a line", language=name),
    ),
)
"""What a customer reads of a question: name, how it is typed, its label."""


def words(form: Any, codes: Iterable[str], name: str) -> dict[str, str]:
    """language → what was written, where something was."""
    return {language: text for language in codes if (text := form[f"{name}_{language}"].data)}


def clean_lines(text: str | None) -> list[str]:
    return [line for line in map(clean, (text or "").splitlines()) if line]


def slugged(text: str) -> str:
    """Small letters, digits and hyphens: "Hoe was het?" → hoe-was-het"""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")
