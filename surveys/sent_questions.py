"""Questions as a program writes and reads them: words in one language or in several, choices as texts or with keys."""

from typing import Any

from flask_babel import gettext as _

from core.errors import DomainError
from core.languages import WRITTEN
from core.text import one_line
from surveys.builder.building import Draft
from surveys.kinds import KINDS, LIST_KINDS
from surveys.models import Question, Survey

LONGEST = 200
MOST_CHOICES = 100


def drafts(questions: list[dict[str, Any]], language: str) -> list[Draft]:
    """DomainError with a sentence for words or choices that cannot be shown."""
    if [q["type"] for q in questions].count("contact") > 1:
        raise DomainError(_("Who somebody is can be asked once."))
    return [_draft(question, language) for question in questions]


def _draft(question: dict[str, Any], language: str) -> Draft:
    key, kind = question["key"], question["type"]
    if kind == "hidden" and question["required"]:
        raise DomainError(_("“%(key)s” is hidden: nobody can be required to fill it in.", key=key))
    help = words(question["help"], language) if question["help"] else {}
    return Draft(
        key,
        kind,
        words(question["prompt"], language),
        question["required"],
        help,
        _options(question, language),
    )


def _options(question: dict[str, Any], language: str) -> dict[str, Any]:
    kind = question["type"]
    options = {
        "choices": _listed(question, "choices", language, wanted=kind in LIST_KINDS),
        "rows": _listed(question, "rows", language, wanted=kind == "matrix"),
        "words": _beside(question, language),
        "show_if": _show_if(question["show_if"]),
    }
    return {name: held for name, held in options.items() if held}


def _beside(question: dict[str, Any], language: str) -> list[dict[str, str]]:
    """Words for each step of a scale, or for both ends."""
    said, steps = question["words"], KINDS[question["type"]].steps
    if said and not (steps and len(said) in {2, steps}):
        raise DomainError(scale_words_sentence(question["key"], steps))
    return [words(one, language) for one in said]


def scale_words_sentence(key: str, steps: int) -> str:
    if not steps:
        return _("The question “%(key)s” is no scale, and has no words beside its steps.", key=key)
    return _("Give “%(key)s” %(steps)d words, one for each step, or two, for its ends.", key=key, steps=steps)


def _show_if(sent: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"key": sent["key"], "answers": [str(one) for one in sent["answers"]]} if sent else None


def words(sent: Any, language: str) -> dict[str, str]:
    """language → words; a plain text is in the survey's own language, which is always there."""
    held = sent if isinstance(sent, dict) else {language: sent}
    if not all(_can_be_shown(text) for text in held.values()) or language not in held:
        raise DomainError(
            _(
                "A title, a prompt and a choice are words, or words per language, in the survey's language at least."
            )
        )
    unknown = sorted(set(held) - set(WRITTEN))
    if unknown:
        raise DomainError(
            _(
                "There is no language “%(code)s” here. Give one of: %(codes)s.",
                code=unknown[0][:20],
                codes=", ".join(WRITTEN),
            )
        )
    return {code: one_line(text) for code, text in held.items()}


def _can_be_shown(text: Any) -> bool:
    return isinstance(text, str) and bool(one_line(text)) and len(text) <= LONGEST


def _listed(question: dict[str, Any], name: str, language: str, *, wanted: bool) -> list[dict[str, Any]]:
    if not wanted and question[name]:
        raise DomainError(
            _("The question “%(key)s” is of a type without %(list)s.", key=question["key"], list=name)
        )
    found = [_choice(choice, language) for choice in question[name]]
    keys = {choice["key"] for choice in found}
    if wanted and not 2 <= len(keys) == len(found) <= MOST_CHOICES:
        raise DomainError(
            _(
                "The question “%(key)s” needs 2 to 100 %(list)s, each with a key of its own.",
                key=question["key"],
                list=name,
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
    return [question_as_sent(q) for q in survey.versions[-1].questions]


def question_as_sent(question: Question) -> dict[str, Any]:
    """As a program sends it, so that what is read can be sent again."""
    held = question.options
    return {
        "key": question.key,
        "type": question.kind,
        "prompt": question.prompt,
        "help": question.help,
        "required": question.required,
        "choices": held.get("choices", []),
        "rows": held.get("rows", []),
        "words": held.get("words", []),
        "show_if": held.get("show_if"),
    }
