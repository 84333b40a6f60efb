"""Words that respondents will read are read first by the aid; what blocks is mended, or kept for a reason that is recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _

from core import audit
from core.application import LANGUAGES
from core.errors import DomainError
from triage.writing.checking import Finding, Setting, check

VERB = "words.overruled"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Public words: the field they stand in, their language, and what they are about."""

    place: str
    language: str
    text: str
    setting: Setting = field(default_factory=Setting)

    def findings(self, today: date) -> list[Finding]:
        return check(self.text, self.language, today, self.setting) if self.language in LANGUAGES else []


def each(words: Mapping[str, str], setting: Setting | None = None) -> list[Spoken]:
    """language → words, as an action, a digest or a reason holds them."""
    return [Spoken(language, language, text, setting or Setting()) for language, text in words.items()]


def objections(spoken: Iterable[Spoken], today: date) -> list[Finding]:
    """Those that block."""
    return [found for one in spoken for found in one.findings(today) if found.blocks]


def judge(spoken: Iterable[Spoken], overrule: str, today: date) -> str:
    """The reason for which they are kept, "" when nothing blocks; DomainError when something does and none is given."""
    spoken = list(spoken)
    for one in spoken:
        for found in one.findings(today):
            if found.blocks and not overrule.strip():
                raise DomainError(sentence(one.text, found))
    return overrule.strip() if objections(spoken, today) else ""


def sentence(text: str, found: Finding) -> str:
    phrase = " ".join(text[found.start : found.end].split())[:60]
    return _(
        "“%(phrase)s”: %(why)s For example: %(instead)s", phrase=phrase, why=found.why, instead=found.instead
    )


def record(subject: audit.Subject, reason: str, now: datetime) -> None:
    """Who kept them, when and why; nothing when nothing was overruled."""
    if reason:
        audit.record(VERB, subject, now, reason=reason)
