"""Which kind of question here is which type of LimeSurvey, where its lists stand, and the conditions that can be kept."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from core.languages import WRITTEN
from surveys.builder.building import Draft
from surveys.few_words import few_words
from surveys.kinds import LIST_KINDS

KINDS_BY_TYPE = {
    "5": "rating", "L": "single_choice", "!": "single_choice", "O": "single_choice", "M": "multiple_choice",
    "P": "multiple_choice", "R": "ranking", "F": "matrix", "H": "matrix", "A": "matrix", "B": "matrix", "C": "matrix",
    "E": "matrix", "Y": "yes_no", "S": "short_text", "N": "short_text", "T": "long_text", "U": "long_text", "D": "date",
}  # fmt: skip
Fixed = tuple[tuple[str, dict[str, str]], ...]


def _steps(last: int) -> Fixed:
    return tuple((str(n), dict.fromkeys(WRITTEN, str(n))) for n in range(1, last + 1))


_UNSURE: Fixed = (("Y", few_words("yes")), ("N", few_words("no")), ("U", few_words("uncertain")))
_MORE: Fixed = (("I", few_words("more")), ("S", few_words("same")), ("D", few_words("less")))


class Lists(NamedTuple):
    """Where the answers and the lines of a type stand: a table of the file, or always the same ones."""

    choices: str | Fixed = ""
    rows: str = ""

    def named(self) -> list[tuple[str, str | Fixed]]:
        return [(name, of) for name, of in (("choices", self.choices), ("rows", self.rows)) if of]


LISTS = {
    **dict.fromkeys("L!OR", Lists("answers")),
    **dict.fromkeys("MP", Lists("subquestions")),
    **dict.fromkeys("FH", Lists("answers", "subquestions")),
    "A": Lists(_steps(5), "subquestions"),
    "B": Lists(_steps(10), "subquestions"),
    "C": Lists(_UNSURE, "subquestions"),
    "E": Lists(_MORE, "subquestions"),
}
_EQUALS = re.compile(r'\(*\s*(\w+)(?:\.NAOK|\.valueNAOK)?\s*==\s*"?([A-Za-z0-9_]+)"?\s*\)*')


def kind_of(letter: str) -> str:
    """Empty for a type that nothing here is like."""
    return KINDS_BY_TYPE.get(letter, "")


def rule(relevance: str, made: Mapping[str, Draft]) -> dict[str, Any] | None:
    """`Q1 == "A1" or Q1 == "A2"` is asked after answers to Q1; None for what is more than that."""
    found = [_EQUALS.fullmatch(part.strip()) for part in re.split(r"\s+or\s+|\|\|", relevance[:2000])]
    named = {one[1] for one in found if one}
    if not all(found) or len(named) != 1 or (name := named.pop()) not in made:
        return None
    answers = [_answer(made[name], one[2]) for one in found if one]
    return {"key": made[name].key, "answers": answers} if all(answers) else None


def _answer(deciding: Draft, said: str) -> str:
    """The key of an answer there is; empty where it is none."""
    if deciding.kind in LIST_KINDS:
        offered = (
            {one["key"] for one in deciding.options["choices"]} if deciding.kind == "single_choice" else set()
        )
        return said if said in offered else ""
    return {"yes_no": {"Y": "yes", "N": "no"}, "rating": {str(n): str(n) for n in range(1, 6)}}.get(
        deciding.kind, {}
    ).get(said, "")
