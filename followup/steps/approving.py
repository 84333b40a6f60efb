"""Words that a manager approves before anybody is told, where a survey wants that: whose words wait, and until when.

What waits is a step of `followup/steps/large_steps.py` that has to do with words instead of numbers. Its tags are held
until somebody decides: what falls due meanwhile is told honestly that there is no news.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import exists, select

from core.db import db
from core.errors import DomainError
from core.rows import among
from surveys.models import Survey
from surveys.models_responses import Response
from triage.models import Action, Comment, Tag

UNTIL_DECIDED = timedelta(days=3650)
"""A hold that nothing but a manager's decision ends."""


def approve_words(action: Action, now: datetime) -> None:
    """A manager has read them, or wrote them: whoever tells them from now on need not wait."""
    action.approved_at = action.approved_at or now


def unread(comments: Iterable[Comment], action: Action, own_words: Collection[int] = ()) -> list[Comment]:
    """Those of these comments about which no manager has read what is told; `own_words`: with a sentence for them alone."""
    return [
        c
        for c in comments
        if c.response.survey.approves_words and (not action.approved_at or c.id in own_words)
    ]


def unread_among(ids: Iterable[int], action: Action) -> bool:
    """The same about many, asked in one statement."""
    of_these = select(Comment.id).join(Response, Response.id == Comment.response_id).join(Survey)
    wanting = of_these.where(among(Comment.id, ids), Survey.approves_words).limit(1)
    return not action.approved_at and db.session.scalar(wanting) is not None


def refuse_added(action: Action, words: Mapping[str, str]) -> None:
    """Words in another language reach at once whoever is about to be told the action."""
    told = select(Survey.id).join(Response).join(Comment, Comment.response_id == Response.id).join(Tag)
    if words and db.session.scalar(
        select(exists(told.where(Tag.action_id == action.id, Survey.approves_words)))
    ):
        raise DomainError(
            _("A manager reads words first here. Leave out what you added, or ask a manager to do this.")
        )


def refuse_words(action: Action, now: datetime) -> None:
    """They were sent back: nobody finds them in a list any more, unless somebody was told them, or is about to be."""
    live = exists().where(Tag.action_id == action.id, Tag.withdrawn_at.is_(None))
    if not action.approved_at and not db.session.scalar(select(live)):
        action.withdrawn_at = now
