"""The first question of a survey as its mail asks it: a link for each answer. Words only, so that the clock loads no forms."""

from typing import Any

from core.languages import WRITTEN, Said
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
    return {code: _in(code, survey, version) for code in survey.languages if version and code in WRITTEN}


def _in(language: str, survey: Survey, version: Version) -> dict[str, Any]:
    with speaking(language, survey.organisation):
        form = AnswerForm(version, language)
        seen = [(q, a) for q, a in zip(version.questions, form.asked, strict=True) if q.kind not in UNASKED]
        if not seen:
            return {"key": "", "prompt": "", "answers": [], "low": "", "high": ""}
        question, asked = seen[0]
        answers = _answers(asked) if question.kind in KINDS else []
        low, high = asked.low, asked.high
        return {
            "key": question.key, "prompt": str(asked.field.label.text), "low": str(low), "high": str(high),
            "answers": answers if len(answers) <= MOST else [], "said_in": _languages(asked),
        }  # fmt: skip


def _languages(asked: Asked) -> dict[str, str]:
    """In which language each part is, where the survey itself says it; what is not named here is a fixed word."""
    offered = [one.label for one in showing.offered(asked.field)][:1]
    parts = {
        "prompt": asked.field.label.text,
        "low": asked.low,
        "high": asked.high,
        "answers": (offered or [""])[0],
    }
    return {name: said.language for name, said in parts.items() if isinstance(said, Said)}


def _answers(asked: Asked) -> list[list[str]]:
    return [[str(one.value), str(one.label)] for one in showing.offered(asked.field)]
