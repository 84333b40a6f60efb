"""What "Who was told" is about, and which of its lines are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.access import access, own
from core.db import db
from core.ids import row_id
from promises.ledger import Scope
from promises.models import HOW
from promises.wording import WHY_NOT
from surveys.models import Round, Survey

STATES = ("told", "promised", "unreachable", "missing")
WHYS = (*HOW, *WHY_NOT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the ledger is about, and which of its lines are asked for; what is not there narrows nothing."""

    survey: Survey | None = None
    round: Round | None = None
    state: str = ""
    why: str = ""
    """How they were told, or why they were not."""
    before: int | None = None

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Wanted":
        slug, number = sent.get("survey", "").replace("\x00", ""), _number(sent.get("round", ""))
        survey = db.session.scalar(own(Survey).where(Survey.slug == slug)) if slug else None
        round = db.session.scalar(own(Round).where(Round.id == number)) if number else None
        state, why = sent.get("state", ""), sent.get("why", "")
        return cls(
            survey,
            round,
            state if state in STATES else "",
            why if why in WHYS else "",
            _number(sent.get("before", "")),
        )

    @property
    def scope(self) -> Scope:
        survey, round = (row.id if row else None for row in (self.survey, self.round))
        return Scope(access().organisation_id, survey, round)

    @property
    def args(self) -> dict[str, Any]:
        """Of the scope, to make an address with."""
        survey = {"survey": self.survey.slug} if self.survey else {}
        return survey | ({"round": self.round.id} if self.round else {})

    @property
    def rounds(self) -> list[Round]:
        """The rounds of the survey, newest first."""
        theirs = own(Round).where(Round.survey_id == self.survey.id) if self.survey else None
        return list(db.session.scalars(theirs.order_by(Round.starts_on.desc()))) if theirs is not None else []


def _number(text: str) -> int | None:
    try:
        return row_id(text)
    except ValueError:
        return None
