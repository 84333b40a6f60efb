"""The form with which staff make a survey: its words in each language, who signs, and its questions in rows."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain, count, takewhile
from types import MappingProxyType
from typing import Any, Self

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, NumberRange

from accounts.models import Staff
from core.application import language_name
from core.errors import DomainError
from core.languages import LANGUAGES, WRITTEN, own_name
from surveys.builder.building import Draft, ReplyTime, question_from, version_of
from surveys.builder.carrying import Asked
from surveys.builder.missing import texts_of
from surveys.builder.question_rows import QuestionRow, clean, slugged, words
from surveys.builder.reordering import reorder
from surveys.kinds import KINDS
from surveys.kinds.base import Meta, choices
from surveys.kinds.names import KEYS, STARTERS

FIRST = ("csat", "long_text", "contact")
MOST = 60
WORKING_DAYS, HOURS = 60, 720
ROOM = ("more", "less")
"""Buttons that change in which languages there is room for words."""
LONG = 4
"""Digits of a place that is none."""


class SurveyForm(FlaskForm):  # type: ignore[misc]
    """Everything a survey needs before it can open. Made by `surveys.forms_languages.in_languages`, which adds room for words."""

    class Meta(Meta, FlaskForm.Meta):  # type: ignore[misc]
        pass

    codes: tuple[str, ...] = ()
    """The languages in which there is room for words."""
    language = RadioField(_l("Its own language"))
    slug = StringField(_l("Address"), filters=[clean])
    signer = SelectField(_l("Who signs"), coerce=int)
    deputy = SelectField(_l("Deputy"), coerce=int)
    reply_number = IntegerField(
        _l("Everybody hears within"), [InputRequired(_l("Give a whole number."))], default=5
    )
    reply_unit = RadioField(
        _l("Counted in"),
        choices=choices([("days", _l("working days")), ("hours", _l("hours"))]),
        default="days",
    )
    questions: Any = None
    known: Mapping[str, Asked] = MappingProxyType({})
    """key → question, of all that this survey ever asked: their keys are given to no other question."""
    moved = ""
    """The row that was added or moved just now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = choices((code, own_name(code)) for code in self.codes)

    def know(self, known: Mapping[str, Asked]) -> Self:
        self.known = known
        for row in self.questions:
            asked = known.get(row.form.key.data or "")
            row.form.before = asked if asked and asked.question.kind == row.form.kind.data else None
        return self

    def staff(self, colleagues: Sequence[Staff]) -> "SurveyForm":
        """Who can be chosen."""
        names = [(person.id, person.name) for person in colleagues]
        self.signer.choices, self.deputy.choices = choices(names), choices([(0, _("Nobody")), *names])
        return self

    def start(self, language: str, signer_id: int) -> "SurveyForm":
        """A new form: three questions that close a loop."""
        self.language.data, self.signer.data = language, signer_id
        for kind in FIRST:
            self.add(kind)
        return self

    def add(self, kind: str) -> str:
        """The name of the new row; empty where there is none."""
        if kind not in STARTERS or len(self.questions) >= MOST:
            return ""
        prompt, required = STARTERS[kind]
        said = {
            f"prompt_{language}": _in(language, prompt) for language in self.codes if language in LANGUAGES
        }
        return str(self.questions.append_entry({"kind": kind, "required": required, **said}).name)

    def offer_earlier(self) -> "SurveyForm":
        """Each question may depend on one before it that has a fixed list of answers."""
        always = ("", _("always"))
        earlier: list[tuple[str, str]] = []
        for n, row in enumerate(self.questions, start=1):
            row.form.after.choices = choices([always, *earlier])
            words_of_row = row.form[f"prompt_{self.own_language}"].data or row.form.kind.data
            if row.form.decides:
                earlier.append(
                    (row.name, _("only after answers to question %(n)d: %(words)s", n=n, words=words_of_row))
                )
        return self

    spoken = LANGUAGES
    """In which the fixed words are."""

    @property
    def others(self) -> list[tuple[str, str]]:
        """(code, its name) of each language that can be added, by name."""
        free = [(code, language_name(code)) for code in WRITTEN if code not in self.codes]
        return sorted(free, key=lambda one: one[1])

    @cached_property
    def unsaid(self) -> dict[str, int]:
        """language → how many texts it lacks that its own language has; 0 where nothing is written at all."""
        drafts = [one for one in self.drafts() if one.kind in KINDS]
        texts = [self.titles, *(text for draft in drafts for text in texts_of(question_from(0, draft)))]
        own = [text for text in texts if text.get(self.own_language)]
        lacking = {code: sum(not text.get(code) for text in own) for code in self.codes}
        return {code: n if n < len(own) else 0 for code, n in lacking.items()}

    @property
    def own_language(self) -> str:
        return self.language.data if self.language.data in self.codes else self.codes[0]

    def changed_rows(self, sent: Mapping[str, str]) -> bool:
        """Whether a button inside the form was pressed, which changes its rows and keeps nothing."""
        pressed = [name for name in (*ROOM, "add", "remove", "move") if name in sent]
        for name in set(pressed) - set(ROOM):
            self.moved = {"add": self.add, "remove": self.remove, "move": self.move}[name](sent[name]) or ""
        return bool(pressed)

    def remove(self, name: str) -> None:
        """The last row goes, with what stood in this one: a form that is sent again is numbered without gaps."""
        names = [row.name for row in self.questions]
        if name in names:
            reorder(self.questions.entries, names.index(name), len(names) - 1)
            gone = self.questions.entries.pop().name
            for row in self.questions:
                row.form.after.data = "" if row.form.after.data == gone else row.form.after.data

    def move(self, said: str) -> str:
        """`questions-3 up`, `questions-3 down` or `questions-3 to 0`; the name that the row has then, empty where it cannot."""
        name, way, *place = [*said.split(" "), ""]
        names = [row.name for row in self.questions]
        if name not in names:
            return ""
        here = names.index(name)
        there = {"up": here - 1, "down": here + 1}.get(
            way, int(place[0]) if place[0].isdecimal() and len(place[0]) < LONG else here
        )
        there = min(max(there, 0), len(names) - 1)
        reorder(self.questions.entries, here, there)
        return str(names[there])

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        language = self.own_language
        if not self[f"title_{language}"].data:
            self[f"title_{language}"].errors = [_("Give a title in the language of the survey.")]
        self._refuse_untitled()
        for row in self.questions:
            row.form.refuse(language)
            self._refuse_rule(row)
        self.questions.errors = [row.form.errors for row in self.questions if row.form.errors]
        if not len(self.questions):
            self.form_errors.append(_("A survey needs at least one question."))
        if [row.form.kind.data for row in self.questions].count("contact") > 1:
            self.form_errors.append(_("Who somebody is can be asked once."))
        if not self.errors:
            self._refuse_unsound()
        return not self.errors

    def _refuse_untitled(self) -> None:
        """A language without a title is offered to nobody: whoever added one and wrote in it finds that out here."""
        for code in self.codes:
            said = any(row.form[f"prompt_{code}"].data for row in self.questions)
            if code not in LANGUAGES and said and not self[f"title_{code}"].data:
                self[f"title_{code}"].errors = [_("Give a title in this language too: without one nobody is offered it. Or remove the language.")]  # fmt: skip

    def validate_reply_number(self, field: IntegerField) -> None:
        most = HOURS if self.reply_unit.data == "hours" else WORKING_DAYS
        NumberRange(1, most, _("Give a number from 1 to %(most)d.", most=most))(self, field)

    def validate_deputy(self, field: SelectField) -> None:
        if field.data and field.data == self.signer.data:
            field.data = 0

    @property
    def reply(self) -> ReplyTime:
        number = self.reply_number.data
        return ReplyTime(None, number) if self.reply_unit.data == "hours" else ReplyTime(number, None)

    @property
    def address(self) -> str:
        return self.slug.data or slugged(self[f"title_{self.language.data}"].data)

    @property
    def titles(self) -> dict[str, str]:
        return words(self, self.codes, "title")

    def drafts(self) -> list[Draft]:
        """Each with the key it had, or a new one of its own: csat, comment, comment_2 …"""
        keys: dict[str, str] = {}
        for row in self.questions:
            keys[row.name] = self._key(row.form, {*self.known, *keys.values()}, set(keys.values()))
        return [row.form.draft(keys[row.name], self._show_if(row, keys)) for row in self.questions]

    def _key(self, row: QuestionRow, taken: set[str], here: set[str]) -> str:
        if row.before and row.before.question.key not in here:
            return row.before.question.key
        name = KEYS.get(row.kind.data or "", row.kind.data or "")
        return next(key for key in chain([name], (f"{name}_{n}" for n in count(2))) if key not in taken)

    def _show_if(self, row: Any, keys: dict[str, str]) -> dict[str, Any] | None:
        deciding = self._deciding(row)
        if deciding is None:
            return None
        return {"key": keys[deciding.name], "answers": row.form.answers_said(deciding.form)}

    def _deciding(self, row: Any) -> Any:
        """The earlier row on whose answers this one depends; None: it is always asked."""
        earlier = takewhile(lambda other: other is not row, self.questions)
        return next((one for one in earlier if one.name == row.form.after.data and one.form.decides), None)

    def _refuse_rule(self, row: Any) -> None:
        deciding, after, answers = self._deciding(row), row.form.after, row.form.after_answers
        if deciding:
            said, offered = row.form.answers_said(deciding.form), deciding.form.offered_answers()
            if not said or not set(said) <= set(offered):
                named = ", ".join(offered.values())
                answers.errors = [_("Name one or more of these answers: %(answers)s.", answers=named)]
        elif after.data or answers.data:
            after.errors = [_("Choose the question whose answers these are, or leave them out.")]

    def _refuse_unsound(self) -> None:
        try:
            version_of(1, self.drafts())
        except DomainError as error:
            self.form_errors.append(error.sentence)


def _in(language: str, text: Any) -> str:
    with force_locale(language):
        return str(text)
