"""A text as the rules read it: every character in its place, quotations blanked, in sentences."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from triage.writing.days import Day, days

APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "‛": "'", "ʼ": "'", "\u00a0": " "})
QUOTED = re.compile(
    r"""“[^”“]{0,400}”|„[^”“"]{0,400}[”“"]|"[^"]{0,400}"|«[^»]{0,400}»|(?<!\w)['‘](?!s\b|n\b|t\b|k\b)(?:[^'’‘\n]|(?<=\w)['’](?=\w)){1,200}['’](?!\w)"""
)
ENDS = re.compile(
    r"(?<![.!?…])[.!?…]{1,9}[)\"”’']{0,3}(?=\s{1,9}[^a-zà-ÿ\s]|\s{0,9}$|\s{9})|\n\s{0,20}\n|\n(?=\s{0,20}[-•*–])"
)
FAR = 400
"""Characters: a sentence that is longer says two things."""
GREETING = re.compile(
    r"(?:beste|geachte|dear|hallo|hello|hi|hey|goedendag|goedemorgen|goedemiddag|good (?:morning|afternoon|evening|day))\b[^.!?]{0,60}[,.]?"
)
TITLES = re.compile(
    r"(?:\b(?:dhr|mevr|mw|drs|dr|ir|mr|mrs|ms|prof|st|nr|no|jl|bijv)|(?<!\w)[A-Z])\.$", re.IGNORECASE
)


@dataclass(frozen=True)
class Page:
    """`text` as typed; `said` lower-cased with quotations blanked, so a character has the same place in each."""

    text: str
    language: str
    today: date
    kind: str = ""
    emotion: str = ""

    @cached_property
    def own(self) -> str:
        """In our own words: whatever is quoted is somebody else's."""
        return QUOTED.sub(lambda quoted: "\x1f" * len(quoted[0]), self.text).translate(APOSTROPHES)

    @cached_property
    def said(self) -> str:
        low = self.own.lower()
        if len(low) == len(self.own):
            return low
        return "".join(c if len(one := c.lower()) != 1 else one for c in self.own)

    @cached_property
    def days(self) -> list[Day]:
        return days(self.said, self.language, self.today)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """(start, end) of each, without the blanks around it."""
        ends = [
            e.end()
            for e in ENDS.finditer(self.own)
            if not TITLES.search(self.own[max(0, e.start() - 6) : e.start() + 1])
        ]
        spans = zip([0, *ends], [*ends, len(self.own)], strict=True)
        return [_bare(self.own, *span) for span in spans if self.own[slice(*span)].strip()]

    @property
    def opening(self) -> int:
        """Where the first sentence ends, after a greeting on a line of its own."""
        ends = [end for start, end in self.sentences if not GREETING.fullmatch(self.said[start:end])]
        return ends[0] if ends else len(self.text)

    def sentence(self, place: int) -> tuple[int, int]:
        """The one that this place lies in, as far as it matters to this place."""
        start, end = self._around(place)
        return max(start, place - FAR), min(end, place + FAR)

    def _around(self, place: int) -> tuple[int, int]:
        before = bisect_right(self._starts, place) - 1
        return self.sentences[before] if before >= 0 else (0, len(self.text))

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _end in self.sentences]

    def after(self, sentence: tuple[int, int]) -> tuple[int, int]:
        """Up to the end of the sentence that follows."""
        following = bisect_right(self._starts, sentence[1] - 1)
        return sentence[0], self.sentences[following][1] if following < len(self.sentences) else sentence[1]


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the blanks around it."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
