"""What managers watch over in a survey: which scores alarm, and whether they read words before anybody is told."""

from datetime import datetime

from flask_babel import gettext as _

from core import audit
from core.errors import DomainError
from surveys.models import SCALE_KINDS, Survey

USUAL = {"csat": 2, "nps": 6, "ces": 3, "rating": 2}
"""kind of scale → the highest score that is a detractor's"""
TOPS = {"csat": 5, "nps": 10, "ces": 7, "rating": 5}
"""kind of scale → its highest score"""


def scale_of(survey: Survey) -> str:
    """The kind of the first question on a scale; empty where there is none."""
    return next((q.kind for q in survey.versions[-1].questions if q.kind in SCALE_KINDS), "")


def choose_watch(
    survey: Survey, *, approves_words: bool, bound: int | None, now: datetime, joins_within: int | None = None
) -> None:
    """`joins_within` None: as it was. `bound` None: as it is usual for the scale. DomainError for one that every answer would reach."""
    highest = TOPS.get(scale_of(survey), 10) - 1
    if bound is not None and not 0 <= bound <= highest:
        raise DomainError(
            _("Give a number from 0 to %(most)d: with more everybody would be dissatisfied.", most=highest)
        )
    survey.approves_words, survey.detractor_bound = approves_words, bound
    if joins_within is not None:
        survey.joins_within = joins_within
    audit.record("survey.watch_chosen", survey, now, approves_words=approves_words, bound=bound)
