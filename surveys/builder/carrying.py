"""What stays the same when questions are edited: keys by which answers are counted, and words that a form does not show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from core.languages import WRITTEN
from surveys.models import Question, Survey

LISTS = ("choices", "rows")
LONG = 10
Keyed = list[dict[str, Any]]
"""{key, words: {language: text}}"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked last, and the keys that any version of it gave to its lines."""

    question: Question
    keys: Mapping[str, frozenset[str]]

    def lines(self, name: str) -> Keyed:
        return list(self.question.options.get(name, []))


def ever_asked(survey: Survey) -> dict[str, Asked]:
    """key → question, of all versions."""
    found: dict[str, Asked] = {}
    for question in (q for version in survey.versions for q in version.questions):
        earlier = found[question.key].keys if question.key in found else {}
        found[question.key] = Asked(
            question, {name: earlier.get(name, frozenset()) | _keys(question, name) for name in LISTS}
        )
    return found


def _keys(question: Question, name: str) -> frozenset[str]:
    return frozenset(one["key"] for one in (question.options or {}).get(name, []))


def carried(new: Sequence[dict[str, str]], old: Keyed, used: Iterable[str]) -> Keyed:
    """Each line with the key it had: found by its words, else (as many lines as before) by its place; others get a new one."""
    found = _by_words(new, old)
    if len(new) == len(old):
        taken = {one["key"] for one in found.values()}
        places = {n: one for n, one in enumerate(old) if n not in found and one["key"] not in taken}
        found = {**places, **found}
    fresh = _fresh(used)
    return [_line(said, found.get(n), fresh) for n, said in enumerate(new)]


def _by_words(new: Sequence[dict[str, str]], old: Keyed) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for n, said in enumerate(new):
        free = (one for one in old if all(one is not taken for taken in found.values()))
        same = next(
            (one for one in free if any(one["words"].get(code) == text for code, text in said.items())), None
        )
        if same:
            found[n] = same
    return found


def _line(said: dict[str, str], old: dict[str, Any] | None, fresh: Iterator[str]) -> dict[str, Any]:
    return (
        {"key": old["key"], "words": with_unseen(said, old["words"])}
        if old
        else {"key": next(fresh), "words": said}
    )


def _fresh(used: Iterable[str]) -> Iterator[str]:
    """Numbers that were no key before."""
    numbers = [int(key) for key in used if len(key) < LONG and key.isascii() and key.isdigit()]
    return map(str, count(max(numbers, default=0) + 1))


def with_unseen(said: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    """What was written, and words in languages that the form does not show."""
    return {**said, **{code: text for code, text in before.items() if code not in WRITTEN}}
