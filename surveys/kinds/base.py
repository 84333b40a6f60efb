"""What every kind of question is made of."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, RadioField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Optional, ValidationError

from core.errors import DomainError
from core.languages import in_language
from surveys.models import Question
from surveys.models_responses import Answer


class Sentences:
    """What the form library says by itself, in our words and the reader's language."""

    def gettext(self, text: str) -> str:
        return {
            "Not a valid choice.": _("Choose one of the answers shown here."),
            "Not a valid integer value.": _("Give a whole number."),
        }.get(text, text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        if "valid choice" in singular:
            return _("Choose from the answers shown here.")
        return singular if n == 1 else plural


class Meta(DefaultMeta):
    """How forms on survey pages behave."""

    def get_translations(self, _form: Any) -> Sentences:
        return Sentences()


class OneOf(RadioField):
    """One of its choices, found by its value: the form library makes an object of each to ask whether it was chosen."""

    def pre_validate(self, form: BaseForm) -> None:  # noqa: ARG002 - the library's signature
        offered: list[Any] = list(self.choices or ())
        if not self.process_errors and self.data not in [choice.value for choice in offered]:
            raise ValidationError(_("Choose one of the answers shown here."))


@dataclass(frozen=True, slots=True)
class Value:
    """One answer: a number on a scale, or a text."""

    number: float | None = None
    text: str | None = None


def first_said(_question: Question, said: Sequence[str]) -> Any:
    """What an address says beforehand, of most kinds: the first time it names the question."""
    return None if "\x00" in said[0] else said[0]


def never_said(_question: Question, _said: Sequence[str]) -> Any:
    """Of a kind that nobody may fill in for somebody else."""
    return None


def plain_words(answer: Answer, _language: str) -> str:
    return f"{answer.number:g}" if answer.number is not None else answer.text or ""


def plain_data(answer: Answer) -> Any:
    return f"{answer.number:g}" if answer.number is not None else answer.text


def json_data(answer: Answer) -> Any:
    return json.loads(answer.text or "null")


def not_listed(_question: Question) -> Sequence[str]:
    return ()


def one_part(_question: Question) -> int:
    return 1


@dataclass(frozen=True, slots=True)
class Kind:
    """`field` makes the form field in a language; `read` turns what was sent into a Value, or raises a sentence."""

    name: str
    field: Callable[[Question, str], Field]
    read: Callable[[Question, Any], Value | None]
    widget: str
    words: Callable[[Answer, str], str] = plain_words
    """An answer as a person reads it in a language."""
    data: Callable[[Answer], Any] = plain_data
    """An answer as data of its field, to be changed."""
    said: Callable[[Question, Sequence[str]], Any] = first_said
    """What an address says beforehand, as data of the field; None where it says nothing that fits."""
    parts: Callable[[Question], int] = one_part
    """How many parts a form may send for it."""
    answers: Callable[[Question], Sequence[str]] = not_listed
    """Every answer there can be, for kinds on which other questions may depend."""
    composed: bool = False
    """A program sends a list or an object."""
    ends: tuple[Any, Any] = ("", "")
    """The words at both ends of a scale."""
    steps: int = 0
    """How many steps a scale has."""


def required(question: Question) -> list[Any]:
    return [InputRequired(_("Please answer this question."))] if question.required else [Optional()]


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """(value, words) as the form library wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


def prompt(question: Question, language: str) -> str:
    return in_language(question.prompt, language)


def listed(keyed: Iterable[dict[str, Any]], language: str) -> list[SelectChoice]:
    """A list of {key, words: {language: text}} as the form library wants it."""
    return choices((one["key"], in_language(one["words"], language)) for one in keyed)


def words_of(keyed: Iterable[dict[str, Any]], key: str, language: str) -> str:
    """What stands beside a key of such a list; the key itself for one that is not there."""
    found = (in_language(one["words"], language) for one in keyed if one["key"] == key)
    return next(found, key)


def own_words(question: Question, language: str, steps: int) -> Sequence[str]:
    """The words that the survey puts beside each of so many steps; none where it does not."""
    said = [in_language(words, language) for words in (question.options or {}).get("words", [])]
    return said if len(said) == steps else []


def words_beside(
    question: Question, language: str, steps: Sequence[str], usual: Sequence[Any]
) -> Sequence[Any]:
    """The words of each step: the survey's own, or the usual ones; the steps themselves where only the ends have words."""
    own = own_words(question, language, len(steps))
    return own or (steps if own_words(question, language, 2) else usual or steps)


def ends_of(question: Question, kind: Kind, language: str) -> tuple[Any, Any]:
    """Words at both ends of a scale, where not each step has its own."""
    low, high = own_words(question, language, 2) or kind.ends
    return low, high


def scale_kind(
    name: str, first: int, last: int, *, words: Sequence[Any] = (), ends: tuple[Any, Any] = ("", "")
) -> Kind:
    """A scale of whole numbers, both ends included; `words` for each step, or at its ends, where it has them."""
    steps = [str(n) for n in range(first, last + 1)]

    def field(question: Question, language: str) -> Field:
        beside = words_beside(question, language, steps, words)
        offered = choices(zip(steps, beside, strict=True))
        return OneOf(prompt(question, language), validators=required(question), choices=offered)

    def read(question: Question, sent: Any) -> Value | None:
        if sent is None or sent == "":
            return None
        if isinstance(sent, bool) or str(sent) not in steps:
            raise DomainError(
                _(
                    "“%(key)s” is a whole number from %(first)d to %(last)d.",
                    key=question.key,
                    first=first,
                    last=last,
                )
            )
        return Value(number=float(str(sent)))

    as_read = partial(_as_read, steps=steps, usual=words, ends=ends)
    return Kind(
        name, field, read, "rating", as_read, ends=ends, steps=len(steps), answers=lambda _question: steps
    )


def _as_read(
    answer: Answer, language: str, steps: Sequence[str], usual: Sequence[Any], ends: tuple[Any, Any]
) -> str:
    """A number alone says nothing to whoever does not have the scale before them: “2 (dissatisfied)”, or what both ends are."""
    number = plain_words(answer, language)
    beside = words_beside(answer.question, language, steps, usual)
    low, high = own_words(answer.question, language, 2) or ends
    if beside is steps:
        return f"{number} ({steps[0]} = {low}, {steps[-1]} = {high})" if low else number
    return f"{number} ({beside[steps.index(number)]})" if number in steps else number
