"""Which customers' words a report quotes, and how much of them: by a rule that it states itself."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice, zip_longest

from reports.figures import Verbatim, Verbatims

MOST = 60
CHARACTERS = 1_000
LINES = 20
ANSWER = 400


def choose(written: Iterable[Verbatim], total: int, most: int = MOST) -> Verbatims:
    """At most `most` of the `total` comments of a period: in turn the newest of each score, lowest score first.

    `written` holds the newest comments of each score (at least `most` of each, where there are as many), in
    any order; comments without a score come last in each turn.
    """
    turns = chain.from_iterable(zip_longest(*_by_score(written)))
    shown = tuple(clipped(verbatim) for verbatim in islice((v for v in turns if v), most))
    return Verbatims(shown, total - len(shown))


def _by_score(written: Iterable[Verbatim]) -> Iterator[list[Verbatim]]:
    newest_first = sorted(written, key=lambda verbatim: verbatim.day, reverse=True)
    for score in (*sorted({v.score for v in newest_first if v.score is not None}), None):
        yield [verbatim for verbatim in newest_first if verbatim.score == score]


def clipped(verbatim: Verbatim) -> Verbatim:
    """The same words, at most 1,000 characters on 20 lines; `cut` says whether more was written."""
    lines = list(_without_gaps(verbatim.words.strip().splitlines()))
    words = "\n".join(lines[:LINES])[:CHARACTERS].rstrip()
    cut = verbatim.cut or words != "\n".join(lines)
    return replace(verbatim, words=words, cut=cut, answer=in_brief(verbatim.answer))


def in_brief(text: str) -> str:
    """Our own words, which are longer elsewhere, on one line of at most 400 characters."""
    line = " ".join(text.split())
    return line if len(line) <= ANSWER else line[: ANSWER - 1].rstrip() + "…"


def _without_gaps(lines: list[str]) -> Iterator[str]:
    """One empty line where there were many: thousands of them would be pages of nothing."""
    for line, before in zip(lines, ["-", *lines], strict=False):
        if line.strip() or before.strip():
            yield line.rstrip()
