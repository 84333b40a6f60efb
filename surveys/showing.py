"""Questions that are asked only after some answers to an earlier one.

The server judges: what was not asked is not required, and not kept. The page shows it at once by a rule of style
(`:has`), without a script; a browser that does not know the rule shows the question with a sentence about when to answer it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup
from wtforms import Field

from surveys.models import Question, Version

Given = tuple[float | None, str | None]
"""(number, text) of an answer."""


class Rule(NamedTuple):
    """Asked after any of these answers to the earlier question with this key."""

    key: str
    answers: tuple[str, ...]


def rule_of(question: Question) -> Rule | None:
    held = (question.options or {}).get("show_if")
    return Rule(held["key"], tuple(held["answers"])) if held else None


def is_asked(question: Question, version: Version, answers: Mapping[str, Given]) -> bool:
    """After the answers before it, of which those to questions that were not asked are left out."""
    rule = rule_of(question)
    if not rule:
        return True
    kind = next((q.kind for q in version.questions if q.key == rule.key), "")
    return rule.key in answers and not _chosen(kind, answers[rule.key]).isdisjoint(rule.answers)


def _chosen(kind: str, given: Given) -> set[str]:
    number, text = given
    if kind == "multiple_choice":
        return set(json.loads(text or "[]"))
    return {f"{number:g}" if number is not None else text or ""}


def offered(field: Field) -> list[Any]:
    """The answers of a deciding question, each with `value` and `label`."""
    found: Iterable[Any] = getattr(field, "choices", None) or ()
    return list(found)


def rules_of_style(version: Version) -> Markup:
    """What hides each question until it is asked; nothing for a survey without such questions."""
    rules = [rule for question in version.questions for rule in _hides(question, version)]
    return Markup("".join(rules))  # noqa: S704 - keys are letters, digits and underscores; answers are escaped below


def _hides(question: Question, version: Version) -> list[str]:
    """One for each question it depends on, directly or through another."""
    rule = rule_of(question)
    earlier = next((q for q in version.questions if rule and q.key == rule.key), None)
    if not rule or not earlier:
        return []
    inputs = ",".join(f"[name={rule.key}][value={_quoted(answer)}]:checked" for answer in rule.answers)
    own = f"form:not(:has({inputs})) .asks-{question.key}{{display:none}}"
    through = [
        style.replace(f".asks-{earlier.key}{{", f".asks-{question.key}{{")
        for style in _hides(earlier, version)
    ]
    return [own, *through]


def _quoted(text: str) -> str:
    """As a string in a style sheet: all but letters and digits as their number."""
    return '"' + re.sub(r"[^A-Za-z0-9]", lambda found: f"\\{ord(found[0]):x} ", text) + '"'
