"""What every kind of question is made of."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, RadioField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired, Optional

from core.errors import DomainError
from surveys.models import Question


class Sentences:
    """What the form library says by itself, in our words and the reader's language."""

    def gettext(self, text: str) -> str:
        return {
            "Not a valid choice.": _("Choose one of the answers shown here."),
            "Not a valid integer value.": _("Give a whole number."),
        }.get(text, text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return singular if n == 1 else plural


class Meta(DefaultMeta):
    """How forms on survey pages behave."""

    def get_translations(self, _form: Any) -> Sentences:
        return Sentences()


@dataclass(frozen=True, slots=True)
class Value:
    """One answer: a number on a scale, or a text."""

    number: float | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """`field` makes the form field in a language; `read` turns what was sent into a Value, or raises a sentence."""

    name: str
    field: Callable[[Question, str], Field]
    read: Callable[[Question, Any], Value | None]
    widget: str


def required(question: Question) -> list[Any]:
    return [InputRequired(_("Please answer this question."))] if question.required else [Optional()]


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """(value, words) as the form library wants them."""
    return [SelectChoice(value, words) for value, words in pairs]


def prompt(question: Question, language: str) -> str:
    return in_language(question.prompt, language)


def in_language(words: dict[str, str], language: str) -> str:
    """The words in a language, or in the first there are."""
    return words.get(language) or next(iter(words.values()), "")


def scale_kind(name: str, first: int, last: int, words: Sequence[Any] = ()) -> Kind:
    """A scale of whole numbers, both ends included; `words` for each step, where it has them."""
    steps = [str(n) for n in range(first, last + 1)]

    def field(question: Question, language: str) -> Field:
        return RadioField(
            prompt(question, language),
            validators=required(question),
            choices=choices(zip(steps, words or steps, strict=True)),
            validate_choice=True,
        )

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

    return Kind(name, field, read, "rating")


def kind_words() -> dict[str, str]:
    """What staff call each kind of question."""
    return {
        "csat": _("satisfaction, 1 to 5 (CSAT)"),
        "nps": _("recommendation, 0 to 10 (NPS)"),
        "emotion": _("how they feel, in one word"),
        "yes_no": _("yes or no"),
        "single_choice": _("one answer out of a list"),
        "short_text": _("one line of text"),
        "long_text": _("their own words"),
        "contact": _("who they are, and how they want to hear back"),
    }
