"""The first question of a survey as its mail asks it: a link for each answer. Words only, so that the clock loads no forms."""

from typing import Any

from core.application import LANGUAGES
from core.voice import speaking
from surveys import showing
from surveys.asking import AnswerForm, Asked
from surveys.models import Survey, Version
from surveys.versions import published

KINDS = ("csat", "nps", "ces", "rating", "yes_no", "single_choice", "emotion")
MOST = 11
UNASKED = ("hidden", "contact")


def first_question(survey: Survey) -> dict[str, Any]:
    """language → {key, prompt, answers: [[value, words]], low, high}; without answers where a mail cannot offer them."""
    version = published(survey)
    return {code: _in(code, survey, version) for code in survey.languages if version and code in LANGUAGES}


def _in(language: str, survey: Survey, version: Version) -> dict[str, Any]:
    with speaking(language, survey.organisation):
        form = AnswerForm(version, language)
        seen = [(q, a) for q, a in zip(version.questions, form.asked, strict=True) if q.kind not in UNASKED]
        if not seen:
            return {"key": "", "prompt": "", "answers": [], "low": "", "high": ""}
        question, asked = seen[0]
        answers = _answers(asked) if question.kind in KINDS else []
        return {
            "key": question.key, "prompt": str(asked.field.label.text), "low": asked.low, "high": asked.high,
            "answers": answers if len(answers) <= MOST else [],
        }  # fmt: skip


def _answers(asked: Asked) -> list[list[str]]:
    return [[str(one.value), str(one.label)] for one in showing.offered(asked.field)]
