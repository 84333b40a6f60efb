"""Questions that exist, put into the rows of the form."""

from typing import Any

from core.languages import WRITTEN
from surveys.builder.building import questions_from
from surveys.builder.forms import SurveyForm
from surveys.builder.portable import Portable
from surveys.builder.question_rows import NO_WORDS
from surveys.kinds import LIST_KINDS
from surveys.models import Question
from surveys.showing import rule_of


def begin_with(form: SurveyForm, held: Portable, signer_id: int) -> SurveyForm:
    """As a template has it; its keys are given anew."""
    for language, text in held.title.items():
        form[f"title_{language}"].data = text
    form.language.data, form.signer.data = held.language, signer_id
    form.reply_number.data = held.reply.hours or held.reply.working_days
    form.reply_unit.data = "hours" if held.reply.hours else "days"
    for question in questions_from(held.questions):
        append(form.questions, question)
    return form


def append(questions: Any, question: Question) -> str:
    """The name of the new row."""
    rows = {row.form.key.data: row for row in questions}
    return str(questions.append_entry({**row_data(question), **_after(question, rows)}).name)


def row_data(question: Question) -> dict[str, Any]:
    """What the fields of a row hold for a question."""
    held: dict[str, Any] = {"kind": question.kind, "key": question.key, "required": question.required}
    options = question.options or {}
    lists = {name: [one["words"] for one in options.get(name, [])] for name in ("choices", "rows")}
    for language in WRITTEN:
        held[f"prompt_{language}"] = question.prompt.get(language, "")
        held[f"help_{language}"] = (question.help or {}).get(language, "")
        for name, lines in {**lists, "words": options.get("words", [])}.items():
            held[f"{name}_{language}"] = _lines(lines, language)
    return held


def _lines(lines: list[dict[str, str]], language: str) -> str:
    """One a line; nothing at all where no line has words in this language."""
    said = [words.get(language) for words in lines]
    return "\n".join(one or NO_WORDS for one in said) if any(said) else ""


def _after(question: Question, rows: dict[str | None, Any]) -> dict[str, str]:
    """On which row it depends, and its answers as somebody would write them."""
    rule = rule_of(question)
    if not rule or rule.key not in rows:
        return {}
    deciding = rows[rule.key]
    named = deciding.form.offered_answers() if deciding.form.kind.data in LIST_KINDS else {}
    said = [named[one] if one in named and "," not in named[one] else one for one in rule.answers]
    return {"after": deciding.name, "after_answers": ", ".join(said)}
