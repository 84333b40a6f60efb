"""What the demo's TOML files hold: the organisations, their surveys, what customers wrote, what was done."""

from dataclasses import dataclass, field
from datetime import time

Words = dict[str, str]
"""language → words"""


@dataclass(frozen=True, slots=True)
class House:
    slug: str
    name: str
    form_of_address: str
    language: str
    accent: str
    phone: str
    email: str
    address: list[str]
    hours: list[dict[str, str]]
    """`days` is one day or a stretch of days: "sat", "mon-fri"; `from` and `to` are times."""


@dataclass(frozen=True, slots=True)
class Colleague:
    key: str
    organisation: str
    role: str
    name: str
    email: str
    job: Words


@dataclass(frozen=True, slots=True)
class Topic:
    organisation: str
    key: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Asked:
    key: str
    type: str
    required: bool
    prompt: Words


@dataclass(frozen=True, slots=True)
class ScoreOnly:
    """How many gave a 1, 2, 3, 4 and 5 and no words, a row for each of `months_ago`."""

    months_ago: list[int]
    scores: list[list[int]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A survey."""

    slug: str
    organisation: str
    signer: str
    deputy: str
    reply_within_days: int
    opened_days_ago: int
    title: Words
    question: list[Asked]
    score_only: ScoreOnly
    closing_days: int = 0
    closing: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, and the answer it came in. `wants` is mail, page or none; `email` is empty for page."""

    key: str
    survey: str
    language: str
    days_ago: int
    at: time
    score: int
    emotion: str
    themes: list[str]
    action: str
    wants: str
    text: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """An action: what was promised while it was planned, and what is said of it now. Days: see actions/fietsgoed.toml."""

    key: str
    organisation: str
    theme: str
    kind: str
    title: str
    owner: str
    made_days_ago: int
    public: Words
    promised: Words = field(default_factory=dict)
    reason: str = ""
    done_days_ago: int = 0
    due_days: int = 0
