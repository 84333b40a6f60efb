"""Who answers an anonymous survey is nobody in the history either: a colleague who is signed in may be the one who does."""

from contextlib import AbstractContextManager, nullcontext

from core import audit
from surveys.models import Survey


def unnamed(survey: Survey) -> AbstractContextManager[None]:
    """Around what a respondent does to their own answer."""
    return audit.acting(audit.CLOCK) if survey.anonymous else nullcontext()
