"""What changes for customers when the newest questions are published, in sentences."""

from flask_babel import gettext as _

from core.languages import in_language
from surveys.models import SCALE_KINDS, Question, Survey, Version


def waiting(survey: Survey) -> list[str]:
    """What differs between what customers see and the newest questions; nothing where these are published."""
    newest = survey.versions[-1]
    seen = next((v for v in reversed(survey.versions) if v.published_at), None)
    if newest.published_at or not seen:
        return []
    return differences(seen, newest, survey.language)


def differences(old: Version, new: Version, language: str) -> list[str]:
    before, after = {q.key: q for q in old.questions}, {q.key: q for q in new.questions}
    added = [
        _("new: “%(words)s”", words=_words(q, language)) for key, q in after.items() if key not in before
    ]
    gone = [
        _("asked no more: “%(words)s”", words=_words(q, language))
        for key, q in before.items()
        if key not in after
    ]
    changed = [
        line for key, q in after.items() if key in before for line in _changed(before[key], q, language)
    ]
    order = [key for key in before if key in after], [key for key in after if key in before]
    moved = [_("in another order")] if order[0] != order[1] else []
    return [*added, *gone, *changed, *moved, *_another_score(old, new, language)]


def _another_score(old: Version, new: Version, language: str) -> list[str]:
    """The first question on a scale is the score of an answer."""
    before, after = _first_scale(old), _first_scale(new)
    if not before or (after and after.key == before.key):
        return []
    if not after:
        return [_("answers have no score any more: no question is on a scale")]
    return [_("the score that alerts and reports go by is then “%(words)s”", words=_words(after, language))]


def _first_scale(version: Version) -> Question | None:
    return next((q for q in version.questions if q.kind in SCALE_KINDS), None)


def _changed(old: Question, new: Question, language: str) -> list[str]:
    words = _words(new, language)
    if old.prompt != new.prompt:
        return [_("in other words: “%(words)s”", words=words)]
    if old.required != new.required:
        return [
            _("“%(words)s” must be answered", words=words)
            if new.required
            else _("“%(words)s” may be left open", words=words)
        ]
    if (old.options or {}) != (new.options or {}) or (old.help or {}) != (new.help or {}):
        return [_("changed: its help, its answers, or when it is asked: “%(words)s”", words=words)]
    return []


def _words(question: Question, language: str) -> str:
    return question.prompt.get(language) or in_language(question.prompt, language)
