"""An action as one respondent reads it: what was done, or what is planned and for whom it waits."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Staff
from followup.beside import NOTHING, Beside
from triage.models import Action
from triage.wording import dated


@dataclass(frozen=True, slots=True)
class Wait:
    """For whom something waits, since when, and when we ask them again."""

    whom: str
    since: date
    ask_again_on: date


@dataclass(frozen=True, slots=True)
class Deed:
    """One action as it is told: its kind, the public words, and what belongs to the kind."""

    kind: str
    words: str
    reason: str
    owner: str
    due_on: date | None
    done_on: date | None
    corrects: bool
    waits: Wait | None = None
    beside: Beside = NOTHING
    """What this respondent reads with it, and nobody else."""
    signed_by: Staff | None = None
    """Who wrote it, to this respondent alone."""


def deed(action: Action, language: str, fallback: str, *, corrects: bool = True) -> Deed:
    words = (
        action.public_note.get(language)
        or action.public_note.get(fallback)
        or next(iter(action.public_note.values()))
    )
    return Deed(
        action.kind,
        dated(words, action, language),
        action.reason,
        action.owner.name,
        action.day,
        action.done_on,
        corrects and action.corrects_id is not None,
        wait(action, language, fallback),
        signed_by=action.signed_by,
    )


def wait(action: Action, language: str, fallback: str) -> Wait | None:
    """For whom a plan waits, as the respondent reads it."""
    whom = action.waiting_for
    if action.kind != "planned" or not whom or not action.waiting_since or not action.ask_again_on:
        return None
    words = whom.get(language) or whom.get(fallback) or next(iter(whom.values()))
    return Wait(words, action.waiting_since, action.ask_again_on)
