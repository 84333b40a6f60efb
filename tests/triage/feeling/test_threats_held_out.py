"""How many threats the rules find among sentences that none of them was made with. Figures only: no rule is tuned on them."""

from pathlib import Path

from tests.triage.writing.test_held_out import wilson
from triage.feeling.threats import threat

FOUND, LEFT = 0.65, 0.95
"""Measured on 26 November 2026: 13 of 19 found, 20 of 20 left alone."""
SENTENCES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "threats.tsv").read_text("utf-8").splitlines()
]
"""(kind or -, text)"""


def share(name: str, part: int, whole: int) -> float:
    low, high = wilson(part, whole)
    print(f"{name}: {part}/{whole} ({low:.2f} to {high:.2f})")  # noqa: T201 - the figures are what it is for
    return part / whole


def test_it_finds_what_it_did_when_it_was_measured() -> None:
    meant = [(kind, threat(text)) for kind, text in SENTENCES if kind != "-"]
    assert share("found", sum(bool(found) for _kind, found in meant), len(meant)) >= FOUND
    assert share("by its kind", sum(kind == found for kind, found in meant), len(meant)) >= FOUND


def test_it_leaves_good_sentences_be_as_often_as_when_it_was_measured() -> None:
    good = [text for kind, text in SENTENCES if kind == "-"]
    assert share("left alone", sum(not threat(text) for text in good), len(good)) >= LEFT
