"""A plan may wait for a third party: for whom, since when, and when we ask them again. Respondents read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from core import audit
from core.errors import Conflict, DomainError
from core.text import one_line
from triage.models import Action


@dataclass(frozen=True, slots=True)
class Waiting:
    """`whom`: language → words respondents read: "the supplier"."""

    whom: Mapping[str, str]
    since: date | None
    ask_again_on: date | None


def wait(action: Action, waiting: Waiting, today: date, now: datetime) -> None:
    """From now on messages about this plan say so; DomainError with what is missing."""
    if action.kind != "planned" or action.withdrawn_at:
        raise Conflict(_("Only a plan can wait for somebody."))
    for sentence in problems(waiting, today).values():
        raise DomainError(sentence)
    action.waiting_for = {x: one_line(words, 200) for x, words in waiting.whom.items() if words.strip()}
    action.waiting_since, action.ask_again_on = waiting.since, waiting.ask_again_on
    audit.record("action.waits", action, now)


def go_on(action: Action, now: datetime) -> None:
    """It waits for nobody any more."""
    action.waiting_for, action.waiting_since, action.ask_again_on = {}, None, None
    audit.record("action.goes_on", action, now)


def problems(waiting: Waiting, today: date) -> dict[str, str]:
    """part → the sentence about what is wrong with it; empty when it is complete."""
    found = {
        "whom": ""
        if "".join(waiting.whom.values()).strip()
        else _("For whom do you wait? Respondents read it: “the supplier”."),
        "since": _not_yet(waiting.since, today),
        "ask_again_on": _too_early(waiting.ask_again_on, today),
    }
    return {part: sentence for part, sentence in found.items() if sentence}


def _not_yet(since: date | None, today: date) -> str:
    if not since:
        return _("Since when? Give the date.")
    return _("Nobody waits since a day that is still to come.") if since > today else ""


def _too_early(again: date | None, today: date) -> str:
    if not again:
        return _("When do you ask again? Give the date.")
    return _("The day on which you ask again lies in the past.") if again < today else ""
