"""Write down what is done, planned, or decided against."""

from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _

from core import audit
from core.db import db
from core.errors import DomainError
from triage.models import Action


@dataclass(frozen=True, slots=True)
class Decision:
    """What an action says. `public_note`: language → the words respondents read."""

    kind: str
    title: str
    owner_id: int
    public_note: dict[str, str] = field(default_factory=dict)
    due_on: date | None = None
    done_on: date | None = None
    reason: str = ""
    theme_id: int | None = None


def decide(organisation_id: int, decision: Decision, today: date, now: datetime, corrects: Action | None = None) -> Action:
    """An action with all it needs; DomainError with what is missing."""
    _refuse_incomplete(decision, today)
    action = Action(
        organisation_id=organisation_id, kind=decision.kind, title=decision.title.strip(),
        public_note={language: words.strip() for language, words in decision.public_note.items() if words.strip()},
        owner_id=decision.owner_id, due_on=decision.due_on, reason=decision.reason.strip(), theme_id=decision.theme_id,
        done_on=decision.done_on or (today if decision.kind == "done" else None),
        corrects_id=corrects.id if corrects else None, created_at=now,
    )  # fmt: skip
    db.session.add(action)
    audit.record("action.decided", action, now, kind=action.kind)
    return action


def finish(action: Action, done_on: date, now: datetime) -> None:
    """What was planned is done."""
    if action.kind != "planned":
        raise DomainError(_("Only a planned action can be marked as done."))
    action.kind, action.done_on = "done", done_on
    audit.record("action.done", action, now, done_on=done_on.isoformat())


def _refuse_incomplete(decision: Decision, today: date) -> None:
    if not decision.title.strip():
        raise DomainError(_("Say in a few words what was decided."))
    if not any(words.strip() for words in decision.public_note.values()):
        raise DomainError(_("Write the words that respondents will read."))
    if decision.kind == "wont_do" and not decision.reason.strip():
        raise DomainError(_("A “no” needs its reason: the respondent reads it."))
    if decision.kind == "planned":
        _refuse_past(decision.due_on, today)


def _refuse_past(due_on: date | None, today: date) -> None:
    if not due_on:
        raise DomainError(_("Planned for when? Give the date."))
    if due_on < today:
        raise DomainError(_("A plan cannot be due in the past."))
