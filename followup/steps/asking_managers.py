"""A large step waits for a manager: each of them hears so by mail, but for who asked."""

from datetime import datetime

from accounts.letters import Letter, letter, tell
from accounts.models import Staff
from accounts.presence import managers
from core.db import db
from core.links import public_url
from core.models import Organisation
from followup.models import LargeStep


def ask_managers(step: LargeStep, now: datetime) -> int:
    """In the transaction that makes the step, so once; returns how many were written to."""
    others = [staff for staff in managers(step.organisation_id, now) if staff.id != step.asked_by_id]
    here = db.session.get_one(Organisation, step.organisation_id)
    for staff in others:
        tell(step_waits(step, staff, here, now), staff, now)
    return len(others)


def step_waits(step: LargeStep, staff: Staff, here: Organisation, now: datetime) -> Letter:
    """Who wants to tell what, to how many, against a usual day, and where it is decided."""
    return letter(
        "large_step", here, staff.name, staff.language, now, who=step.asker, people=step.messages, usual=step.usual,
        title=step.action.title if step.action else "", month=step.round.starts_on if step.round else None,
        link=public_url(f"/large-steps/{step.id}"),
    )  # fmt: skip
