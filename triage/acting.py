"""Write down what is done, planned, or decided against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _

from core import audit
from core.db import db
from core.errors import DomainError
from triage.models import Action
from triage.themes.models import Theme
from triage.themes.theming import holding
from triage.writing import overruling


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
    overrule: str = ""
    """Why words were kept that the writing aid blocks"""
    check_back_days: int = 28
    """0: those who were told are not asked once more"""


def decide(
    organisation_id: int, decision: Decision, today: date, now: datetime, corrects: Action | None = None
) -> Action:
    """An action with all it needs; DomainError with what is missing."""
    action = drafted(organisation_id, decision, today, now, corrects)
    action.theme_id = _theme_that_holds(action.theme_id, now)
    db.session.add(action)
    audit.record("action.decided", action, now, kind=action.kind)
    overruling.record(action, action.overrule, now)
    return action


def drafted(
    organisation_id: int, decision: Decision, today: date, now: datetime, corrects: Action | None = None
) -> Action:
    """The action as it would be, not kept: what a preview shows. DomainError with what is missing."""
    for sentence in problems(decision, today).values():
        raise DomainError(sentence)
    return Action(
        organisation_id=organisation_id, kind=decision.kind, title=decision.title.strip(),
        public_note={language: words.strip() for language, words in decision.public_note.items() if words.strip()},
        owner_id=decision.owner_id, due_on=decision.due_on, reason=decision.reason.strip(), theme_id=decision.theme_id,
        overrule=decision.overrule,
        done_on=decision.done_on or (today if decision.kind == "done" else None),
        corrects_id=corrects.id if corrects else None, check_back_days=decision.check_back_days, moves=0, waiting_for={},
        created_at=now,
    )  # fmt: skip


def _theme_that_holds(id: int | None, now: datetime) -> int | None:
    """It may have been merged into another one while somebody wrote."""
    return holding([db.session.get_one(Theme, id)], now)[0].id if id else None


def finish(action: Action, done_on: date, now: datetime) -> None:
    """What was planned is done."""
    refuse_unplanned(action)
    action.kind, action.done_on = "done", done_on
    audit.record("action.done", action, now, done_on=done_on.isoformat())


def refuse_unplanned(action: Action) -> None:
    if action.kind != "planned":
        raise DomainError(_("Only a planned action can be marked as done."))


def add_words(action: Action, words: Mapping[str, str], now: datetime) -> None:
    """Public words in languages that it had none in; what others may have read already stays as it is."""
    added = {language: text.strip() for language, text in words.items() if text.strip()}
    new = {language: text for language, text in added.items() if not action.public_note.get(language)}
    if new:
        action.public_note = {**action.public_note, **new}
        action.approved_at = None
        audit.record("action.worded", action, now, languages=sorted(new))


def problems(decision: Decision, today: date) -> dict[str, str]:
    """part of the decision → the sentence about what is wrong with it; empty when it is complete."""
    found = {
        "title": "" if decision.title.strip() else _("Say in a few words what was decided."),
        "public_note": "" if _has_words(decision) else _("Write the words that respondents will read."),
        "reason": _("A “no” needs its reason: the respondent reads it.") if _lacks_reason(decision) else "",
        "due_on": _bad_plan(decision.due_on, today) if decision.kind == "planned" else "",
        "done_on": _("What is done was not done in the future.")
        if _is_later(decision.done_on, today)
        else "",
    }
    return {part: sentence for part, sentence in found.items() if sentence}


def _has_words(decision: Decision) -> bool:
    return any(words.strip() for words in decision.public_note.values())


def _lacks_reason(decision: Decision) -> bool:
    return decision.kind == "wont_do" and not decision.reason.strip()


def _bad_plan(due_on: date | None, today: date) -> str:
    if not due_on:
        return _("Planned for when? Give the date.")
    return _("A plan cannot be due in the past.") if due_on < today else ""


def _is_later(done_on: date | None, today: date) -> bool:
    return bool(done_on and done_on > today)
