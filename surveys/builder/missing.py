"""What a survey does not say yet in each of its languages: whoever reads that language sees its own language there instead."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from core.errors import DomainError
from surveys.models import Question, Survey


@dataclass(frozen=True, slots=True)
class Words:
    """One language: how many texts there are to say, and those that are not said, in the survey's own language."""

    language: str
    all: int
    missing: tuple[str, ...]

    @property
    def said(self) -> int:
        return self.all - len(self.missing)


def in_each_language(survey: Survey) -> list[Words]:
    """Its own language first; the newest questions."""
    texts = [survey.title, *(text for q in survey.versions[-1].questions for text in texts_of(q))]
    return [_words(language, texts, survey.language) for language in survey.languages]


def _words(language: str, texts: list[dict[str, str]], own: str) -> Words:
    unsaid = (text for text in texts if not text.get(language))
    return Words(
        language, len(texts), tuple(text.get(own) or next(iter(text.values()), "") for text in unsaid)
    )


def texts_of(question: Question) -> Iterator[dict[str, str]]:
    """Everything of a question that a customer reads."""
    options = question.options or {}
    yield question.prompt
    if question.help:
        yield question.help
    yield from options.get("words", [])
    for name in ("choices", "rows"):
        yield from (one["words"] for one in options.get(name, []))


def refuse_unknowing(survey: Survey, knowingly: bool) -> None:
    """DomainError with what is missing, unless whoever opens it says that they know."""
    unsaid = [one for one in in_each_language(survey) if one.missing]
    if unsaid and not knowingly:
        raise DomainError(
            _(
                "Words are missing in a language. Write them, or tick that whoever reads that language may see others there."
            )
        )
