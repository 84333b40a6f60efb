"""How a comment sounds, as its words suggest it: a lexicon a file, with negation and intensity. Nothing where they do not say it plainly."""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from triage.feeling.shielding import LANGUAGES, swears
from triage.models import EMOTIONS
from triage.writing.phrases import Table, expression

FOLDER = Path(__file__).parent / "emotions"
PLAIN = 2.0
ENOUGH = PLAIN
"""So much must speak for an emotion."""
LEAD = 1.0
"""By so much it must be ahead of any other that does not go with it."""
READ = 2_000
"""Characters: whoever writes more has said it by then."""
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "\u00a0": " "})
_NOT = {
    "nl": re.compile(r"(?<!\w)(?:niet|geen|nooit|zonder|allesbehalve|minder|noch|nauwelijks)(?: \w{1,15}){0,2} $"),
    "en": re.compile(r"(?:(?<!\w)(?:not|no|never|without|hardly|neither|nor|less|isn't|wasn't|nothing)|n't)(?: \w{1,15}){0,2} $"),
}  # fmt: skip
_VERY = {
    "nl": re.compile(r"(?<!\w)(?:heel|erg|zeer|echt|zo|enorm|ontzettend|vreselijk|absoluut|helemaal|ronduit|bijzonder|super|ongelooflijk|extreem|totaal|volkomen|steeds|alweer|hartelijk) $"),
    "en": re.compile(r"(?<!\w)(?:very|really|so|extremely|absolutely|totally|completely|incredibly|utterly|truly|such a|such|deeply|quite|most) $"),
}  # fmt: skip
_BUT = {
    "nl": re.compile(r"(?<!\w)(?:maar|alleen|jammer|behalve|helaas|hoewel|toch)(?!\w)"),
    "en": re.compile(r"(?<!\w)(?:but|however|although|though|shame|pity|except|unfortunately|only)(?!\w)"),
}
CONTENT = {"happy", "grateful"}
"""Half as sure where a but follows: people begin with what was good."""
ALIKE = (CONTENT, {"impatient", "frustrated", "angry", "disappointed"})
"""They go together: of these the one that speaks most is suggested, and the earlier in order where two speak alike."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`plain` says it by itself, `weak` only together with that; negated neither says anything."""

    emotion: str
    plain: tuple[str, ...]
    weak: tuple[str, ...]
    swearing: float
    """What any swear word says."""
    examples: dict[str, list[str]]


@cache
def lexicons(language: str) -> tuple[Lexicon, ...]:
    files = ((emotion, FOLDER / f"{emotion}.{language}.toml") for emotion in EMOTIONS)
    return tuple(_read(emotion, file) for emotion, file in files if file.exists())


def _read(emotion: str, file: Path) -> Lexicon:
    held: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    return Lexicon(
        emotion, tuple(held["plain"]), tuple(held["weak"]), held.get("swearing", 0), held["examples"]
    )


def suggested(text: str, language: str) -> str:
    """One of EMOTIONS; empty where the words do not say it, or say two things at once, or another language is spoken."""
    if language not in LANGUAGES or not text:
        return ""
    said = " ".join(text[:READ].lower().translate(_APOSTROPHES).split())
    return _clearest(_weights(said, language))


def _weights(said: str, language: str) -> dict[str, float]:
    """How much speaks for each emotion for which anything speaks plainly."""
    plain, weak, until = Counter[str](), Counter[str](), Counter[str]()
    table, meant = _table(language)
    for found in table.places(said):
        emotion, is_plain = meant[found.lastgroup or ""]
        if found.start() >= until[emotion]:
            until[emotion] = found.end()
            turned = emotion in CONTENT and _BUT[language].search(said, found.end()) is not None
            strength = _strength(said, found, language) / (2 if turned else 1)
            (plain if is_plain else weak)[emotion] += strength  # type: ignore[assignment]
    for lexicon in lexicons(language):
        if lexicon.swearing and swears(said):
            plain[lexicon.emotion] += lexicon.swearing / PLAIN  # type: ignore[assignment]
    return {e: PLAIN * plain[e] + weak[e] for e in plain if plain[e]}


@cache
def _table(language: str) -> tuple[Table, dict[str, tuple[str, bool]]]:
    """All phrases in one, so that each word of a text is looked at once; and what each of its groups means."""
    held = [(lx.emotion, True, p) for lx in lexicons(language) for p in lx.plain]
    held += [(lx.emotion, False, p) for lx in lexicons(language) for p in lx.weak]
    meant = {f"p{n}": (emotion, plain) for n, (emotion, plain, _p) in enumerate(held)}
    return Table(f"(?P<p{n}>{expression(p, language)})" for n, (_e, _w, p) in enumerate(held)), meant


def _strength(said: str, found: re.Match[str], language: str) -> float:
    before = said[max(0, found.start() - 40) : found.start()]
    if _NOT[language].search(before):
        return 0.0
    return 1.5 if _VERY[language].search(before) else 1.0


def _clearest(weights: dict[str, float]) -> str:
    if not weights:
        return ""
    best = max(EMOTIONS, key=lambda emotion: weights.get(emotion, 0))
    if weights.get(best, 0) < ENOUGH:
        return ""
    kin = next((group for group in ALIKE if best in group), {best})
    against = max((weight for emotion, weight in weights.items() if emotion not in kin), default=0)
    return best if weights[best] >= against + LEAD else ""
