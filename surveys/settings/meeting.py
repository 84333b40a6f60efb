"""How customers meet a survey: one question a page or all of them, and whether anybody can be known."""

from datetime import datetime

from core import audit
from surveys.models import Survey


def choose_meeting(survey: Survey, *, one_by_one: bool, anonymous: bool, now: datetime) -> None:
    """Of answers from now on: what was given under a name stays under it."""
    survey.one_by_one, survey.anonymous = one_by_one, anonymous
    audit.record("survey.meeting_chosen", survey, now, one_by_one=one_by_one, anonymous=anonymous)
