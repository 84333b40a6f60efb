"""How often a suggestion is right, on comments that no rule was made with. What counts is that what is suggested is right."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import pytest

from core.settings import ROOT
from tests.triage.writing.test_held_out import wilson
from triage.feeling.suggesting import suggested

HERE = Path(__file__).parent
FLOORS = {("ours", "nl"): 0.8, ("ours", "en"): 0.8, ("demo", "nl"): 0.6, ("demo", "en"): 0.0}
"""Precision; what was measured stands in docs/decisions/0026. The demo's people seldom say how they feel, so that few are suggested:
of the English half two, and neither is right."""


def ours(language: str) -> Iterator[tuple[str, str]]:
    """(emotion or -, text): half of the sentences that were written before the first rule."""
    for line in (HERE / f"said.{language}.tsv").read_text("utf-8").splitlines():
        emotion, text = line.split("\t")
        if crc32(text.encode()) % 2:
            yield emotion, text


def demo(language: str) -> Iterator[tuple[str, str]]:
    """Half of the comments of the demo, which were labelled by hand long before; neutral is nothing to suggest."""
    for file in sorted((ROOT / "demo" / "comments").glob("*/*.toml")):
        for one in tomllib.loads(file.read_text("utf-8"))["comment"]:
            if one["language"] == language and crc32(one["text"].encode()) % 2:
                yield one["emotion"].replace("neutral", "-"), one["text"]


CORPORA = {"ours": ours, "demo": demo}


def shown(name: str, right: int, suggestions: int, meant: int) -> str:
    low, high = wilson(right, suggestions) if suggestions else (0, 1)
    least, most = wilson(right, meant) if meant else (0, 1)
    precision = f"{right}/{suggestions} ({low:.2f} to {high:.2f})"
    return f"{name:20} right of what is suggested {precision:24} found of what is there {right}/{meant} ({least:.2f} to {most:.2f})"


@pytest.mark.parametrize(("corpus", "language"), FLOORS)
def test_what_is_suggested_is_as_often_right_as_when_it_was_measured(corpus: str, language: str) -> None:
    right, made, meant = Counter[str](), Counter[str](), Counter[str]()
    for emotion, text in CORPORA[corpus](language):
        guess = suggested(text, language)
        made.update([guess] if guess else [])
        right.update([guess] if guess == emotion else [])
        meant.update([emotion] if emotion != "-" else [])
    for emotion in sorted({*made, *meant}):
        print(shown(emotion, right[emotion], made[emotion], meant[emotion]))  # noqa: T201 - the figures are what it is for
    print(shown(f"{corpus} {language}", right.total(), made.total(), meant.total()))  # noqa: T201
    assert right.total() / made.total() >= FLOORS[corpus, language]
