"""What pages show before a step is taken: the letters, how many people, in which language, and words that are missing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, allowed
from core.application import language_name
from core.settings import settings
from core.text import as_typed
from followup.beside import Wish
from followup.previewing import Previews, previews
from followup.steps.approving import refuse_added, unread
from followup.steps.stepping import Size, Taken, size_of_tags
from triage.acting import Decision, add_words
from triage.forms_actions import NOTE
from triage.models import Action, Comment
from triage.views import tagged_words, today
from triage.writing import overruling

UNSEEN = {"csrf_token", "step"}
ADDED = "add_"
"""Before a language: the field with words that nobody had written in it."""


def letters_page(
    action: Action, comments: Sequence[Comment], confirm: str, cancel: str, *, editable: bool, wishes: Mapping[int, Wish] | None = None
) -> str:  # fmt: skip
    """Before comments are tagged. What was chosen goes along unseen, so that what is confirmed is what was read."""
    now, n = clock.now(), len(comments)
    own_words = [id for id, wish in (wishes or {}).items() if wish.words]
    read_first = not allowed(Role.manager) and unread(comments, action, own_words)
    return preview_page(
        action, previews(comments, action, now, wishes=wishes), None if read_first else size_of_tags(comments, now), confirm, cancel,
        editable=editable, label=ngettext("Say this about %(num)d comment", "Say this about %(num)d comments", n),
        hold_minutes=settings().hold_minutes,
    )  # fmt: skip


def preview_page(
    action: Action, found: Previews, size: Size | None, confirm: str, cancel: str, *, label: str, editable: bool = False,
    hold_minutes: int = 0,
) -> str:  # fmt: skip
    """Who will read what; `size` as in followup.stepping, None: a manager reads it first. `label` stands on the button that confirms it."""
    lacking = found.reach.without([language for language, text in action.public_note.items() if text])
    many, usual = size or (0, None)
    return render_template(
        "followup/preview.html", previews=found, kind=action.kind, title=action.title, kept=kept(), confirm=confirm, cancel=cancel,
        editable=editable, label=label, hold_minutes=hold_minutes, missing=missing(lacking), many=many, usual=usual,
        read_first=size is None,
    )  # fmt: skip


def kept() -> list[tuple[str, str]]:
    """Everything that was sent, but for the button."""
    sent = request.form.items(multi=True)
    return [(name, value) for name, value in sent if name not in UNSEEN and not name.startswith(ADDED)]


def missing(people: dict[str, int]) -> list[tuple[str, str, str, int]]:
    """(field, language, its name, how many people chose it) where nobody wrote words."""
    return [(f"{ADDED}{language}", language, language_name(language), n) for language, n in people.items()]


def added_words(most: int = NOTE) -> dict[str, str]:
    """language → words that were added in a language nobody had written in; DomainError for what cannot be kept."""
    sent = {name.removeprefix(ADDED): text for name, text in request.form.items() if name.startswith(ADDED)}
    said = {language: as_typed(text, most).strip() for language, text in sent.items()}
    added = {
        language: text for language, text in said.items() if text and re.fullmatch("[a-z]{2,3}", language)
    }
    overruling.judge(overruling.each(added), request.form.get("overrule", ""), today(clock.now()))
    return added


def add_to(action: Action, more: Mapping[str, str], now: datetime) -> None:
    """Words in languages it had none in. Whoever waits for it may read them at once, so a manager adds them where one reads words first."""
    if not allowed(Role.manager):
        refuse_added(action, more)
    add_words(action, more, now)


def with_words(decision: Decision, more: dict[str, str]) -> Decision:
    """The decision with words in languages that it had none in."""
    own = {language: text for language, text in decision.public_note.items() if text.strip()}
    return replace(decision, public_note={**more, **own})


def taken_words(taken: Taken) -> str:
    """What came of tagging: they are told after the hold, or a manager looks first."""
    if taken.step and taken.step.because == "words":
        return _("A manager reads your words first: nobody is told before. You hear when they are sent back.")
    return waits_words(taken.step.messages) if taken.step else tagged_words(taken.count)


def waits_words(people: int) -> str:
    return _(
        "This reaches %(n)d people, more than three times a usual day: nobody is told before a manager has looked at it.",
        n=people,
    )


def look_at(step_id: int) -> ResponseReturnValue:
    """A manager's own large step gets a second look: the page with the number and the samples."""
    return redirect(url_for("followup.step_page", step_id=step_id), 303)
