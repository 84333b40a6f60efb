"""What did you expect, and what did you get? Two scales of 1–5 beside each other, reported as a gap (SERVQUAL).

One answer: `number` is the gap, what they got minus what they expected; `text` holds both.
"""

import json
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField

from core.errors import DomainError
from surveys.kinds.base import (
    Kind,
    Meta,
    OneOf,
    Value,
    choices,
    json_data,
    never_said,
    prompt,
    required,
    words_beside,
)
from surveys.models import Question
from surveys.models_responses import Answer

STEPS = ("1", "2", "3", "4", "5")
WORDS = (_l("very poor"), _l("poor"), _l("fair"), _l("good"), _l("very good"))
BOTH = ("expected", "experienced")


class GapForm(Form):
    """Both scales, or neither."""

    Meta = Meta

    expected = OneOf(_l("What you expected"))
    experienced = OneOf(_l("What you got"))

    def __init__(self, *args: Any, question: Question, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beside = words_beside(question, language, STEPS, WORDS)
        for scale in (self.expected, self.experienced):
            scale.choices = choices(zip(STEPS, beside, strict=True))
            scale.validators = required(question)
            scale.flags.required = question.required

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        missing = [self[name] for name in BOTH if not self[name].data]
        if len(missing) == 1 and not missing[0].errors:
            missing[0].errors = [_("Choose here too, or nowhere: the two belong together.")]
        return sound and len(missing) != 1


def _field(question: Question, language: str) -> Field:
    asked = partial(GapForm, question=question, language=language)
    return FormField(asked, label=prompt(question, language))  # type: ignore[arg-type]


def _read(question: Question, sent: Any) -> Value | None:
    if sent is None or sent == "" or _is_blank(sent):
        return None
    if (
        not isinstance(sent, dict)
        or set(sent) != set(BOTH)
        or not all(_is_step(one) for one in sent.values())
    ):
        raise DomainError(
            _("“%(key)s” is an object with “expected” and “experienced”, each from 1 to 5.", key=question.key)
        )
    both = {name: int(sent[name]) for name in BOTH}
    return Value(float(both["experienced"] - both["expected"]), json.dumps(both))


def _is_blank(sent: Any) -> bool:
    """A form of which neither scale was touched."""
    return (
        isinstance(sent, dict) and set(sent) <= set(BOTH) and all(one in (None, "") for one in sent.values())
    )


def _is_step(sent: Any) -> bool:
    return not isinstance(sent, bool) and isinstance(sent, str | int) and str(sent) in STEPS


def _words(answer: Answer, _language: str) -> str:
    both = json.loads(answer.text or "{}")
    return _("expected %(expected)d, got %(experienced)d (of 5)", **both)


KIND = Kind(
    "expectation_gap",
    _field,
    _read,
    "gap",
    words=_words,
    data=json_data,
    said=never_said,
    parts=lambda _q: 2,
    composed=True,
    steps=5,
)
