"""The kinds of question, one file each: adding a kind is adding a file and naming it here."""

from surveys.kinds import (
    ces,
    consent,
    contact,
    csat,
    date,
    emotion,
    expectation_gap,
    hidden,
    long_text,
    matrix,
    multiple_choice,
    nps,
    ranking,
    rating,
    short_text,
    single_choice,
    yes_no,
)
from surveys.kinds.base import Kind, Value

_FILES = (
    csat, nps, ces, rating, expectation_gap, emotion, yes_no, single_choice, multiple_choice, ranking, matrix, date,
    short_text, long_text, consent, hidden, contact,
)  # fmt: skip
KINDS: dict[str, Kind] = {file.KIND.name: file.KIND for file in _FILES}
"""In the order in which staff are offered them."""

LIST_KINDS = ("single_choice", "multiple_choice", "ranking", "matrix")
"""Kinds with a list of answers of the survey's own."""

__all__ = ["KINDS", "LIST_KINDS", "Kind", "Value"]
