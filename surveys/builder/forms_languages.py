"""In which languages a form has room for words: those of the survey, and what is added or removed by a button in the form."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, StringField

from core.languages import LANGUAGES, WRITTEN
from surveys.builder.forms import SurveyForm
from surveys.builder.missing import texts_of
from surveys.builder.question_rows import clean, in_order, named, row_in
from surveys.models import Survey

FORM = 4
"""Megabytes of a form, as a browser writes letters that are not Latin."""
AnyForm = TypeVar("AnyForm", bound=SurveyForm)


@lru_cache(maxsize=64)
def in_languages(form: type[AnyForm], codes: tuple[str, ...]) -> type[AnyForm]:
    """The form with a title in each of these languages, and rows with words in them."""
    titles = {f"title_{code}": in_order(n, _title(code)) for n, code in enumerate(codes)}
    questions = FieldList(FormField(row_in(codes)))
    return type(form.__name__, (form,), {**titles, "questions": questions, "codes": codes})


def _title(code: str) -> StringField:
    return StringField(_l("Title in %(language)s", language=named(code)), filters=[clean])


def in_use(survey: Survey) -> tuple[str, ...]:
    """The languages that a form for this survey has room for: ours, and all in which it says anything."""
    texts = [survey.title, *(text for q in survey.versions[-1].questions for text in texts_of(q))]
    return in_order_of_list({*LANGUAGES, *(code for text in texts for code in text)})


def sent(form: Mapping[str, str], usual: Iterable[str]) -> tuple[str, ...]:
    """As the form has it after the button that was pressed; the survey's own language stays."""
    codes = {code for code in form.get("languages", "").split() if code in WRITTEN} or set(usual)
    if "more" in form:
        codes.add(form.get("language_to_add", ""))
    if form.get("less") != form.get("language"):
        codes.discard(form.get("less", ""))
    return in_order_of_list(codes) or LANGUAGES


def in_order_of_list(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(code for code in WRITTEN if code in set(codes))
