"""Questions as a program writes and reads them: words in one language or in several, choices as texts or with keys."""

from typing import Any

from flask_babel import gettext as _

from core.application import LANGUAGES
from core.errors import DomainError
from core.text import one_line
from surveys.building import Draft
from surveys.models import Survey

LONGEST = 200
MOST_CHOICES = 100


def drafts(questions: list[dict[str, Any]], language: str) -> list[Draft]:
    """DomainError with a sentence for words or choices that cannot be shown."""
    if [q["type"] for q in questions].count("contact") > 1:
        raise DomainError(_("Who somebody is can be asked once."))
    return [_draft(question, language) for question in questions]


def _draft(question: dict[str, Any], language: str) -> Draft:
    prompt, choices = words(question["prompt"], language), _choices(question, language)
    return Draft(
        question["key"],
        question["type"],
        prompt,
        question["required"],
        options={"choices": choices} if choices else {},
    )


def words(sent: Any, language: str) -> dict[str, str]:
    """language → words; a plain text is in the survey's own language, which is always there."""
    held = sent if isinstance(sent, dict) else {language: sent}
    if not all(_can_be_shown(text) for text in held.values()) or language not in held:
        raise DomainError(
            _(
                "A title, a prompt and a choice are words, or words per language, in the survey's language at least."
            )
        )
    unknown = sorted(set(held) - set(LANGUAGES))
    if unknown:
        raise DomainError(
            _(
                "There is no language “%(code)s” here. Give one of: %(codes)s.",
                code=unknown[0][:20],
                codes=", ".join(LANGUAGES),
            )
        )
    return {code: one_line(text) for code, text in held.items()}


def _can_be_shown(text: Any) -> bool:
    return isinstance(text, str) and bool(one_line(text)) and len(text) <= LONGEST


def _choices(question: dict[str, Any], language: str) -> list[dict[str, Any]]:
    asked = question["type"] == "single_choice"
    if not asked and question["choices"]:
        raise DomainError(_("The question “%(key)s” is of a type without choices.", key=question["key"]))
    found = [_choice(choice, language) for choice in question["choices"]]
    keys = {choice["key"] for choice in found}
    if asked and not 2 <= len(keys) == len(found) <= MOST_CHOICES:
        raise DomainError(
            _(
                "The question “%(key)s” needs 2 to 100 choices, each with a key of its own.",
                key=question["key"],
            )
        )
    return found


def _choice(choice: Any, language: str) -> dict[str, Any]:
    if not isinstance(choice, dict):
        return {"key": choice, "words": words(choice, language)}
    key = choice.get("key")
    if not _can_be_shown(key) or choice.keys() - {"key", "words"}:
        raise DomainError(_("A choice is a text, or an object with “key” and “words”."))
    return {"key": key, "words": words(choice.get("words", key), language)}


def questions_of(survey: Survey) -> list[dict[str, Any]]:
    """The questions of the newest version."""
    return [
        {
            "key": q.key,
            "type": q.kind,
            "prompt": q.prompt,
            "required": q.required,
            "choices": q.options.get("choices", []),
        }
        for q in survey.versions[-1].questions
    ]
