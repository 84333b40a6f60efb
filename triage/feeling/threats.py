"""Threats that somebody wrote, found by rules: against people, of violence, against themselves; and, apart, of legal steps."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from triage.feeling.shielding import LANGUAGES
from triage.models import THREATS
from triage.writing.phrases import Table, expression

HERE = Path(__file__).parent
STAFF = {
    "nl": "(?:die|dat|deze|jullie|jouw|je|de|uw) (?:\\w{2,15} )?(?:monteur|chauffeur|bezorger|koerier|medewerker|medewerkster|verhuurder|gast|vent|kerel|man|vrouw|mens|wijf|collega|baas|directeur|huismeester|manager|meisje|jongen)s?",
    "en": "(?:your|that|this|the|those|these) (?:\\w{2,15} )?(?:driver|mechanic|guy|man|woman|manager|courier|clerk|agent|landlord|boss|people|staff|bloke|girl|boy|kids|children|family|wife|mother)s?",
}  # fmt: skip
SHALL = "(?:i|we|someone|somebody)(?:'ll| will| shall|'m going to| am going to|'re going to| are going to|'m gonna| am gonna| gonna|'re gonna| want to| wanna|'d love to|'m about to| am about to|'m| am|'re| are)(?: just| really| personally| then)?"
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "\u00a0": " "})


def threat(text: str) -> str:
    """The gravest kind of threat in a text; empty where there is none. Both languages are looked for."""
    said = " ".join(text.lower().translate(_APOSTROPHES).split())
    found = {(place.lastgroup or "").rpartition("_")[0] for place in _table().places(said)}
    return min(found, key=THREATS.index, default="")


@cache
def _table() -> Table:
    """All phrases in one, so that each word of a text is looked at once; of two that begin with it the graver is found."""
    held = [
        (kind, expression(p, lang)) for kind in THREATS for lang in LANGUAGES for p in _phrases(kind, lang)
    ]
    return Table(f"(?P<{kind}_{n}>{phrase})" for n, (kind, phrase) in enumerate(held))


def _phrases(kind: str, language: str) -> tuple[str, ...]:
    phrases = read(language)[kind]["phrases"]
    return tuple(p.replace("{staff}", STAFF[language]).replace("{shall}", SHALL) for p in phrases)


def read(language: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"threats.{language}.toml").read_text("utf-8"))
