"""Many comments that were ticked in the inbox get one action: read first what each of them will read."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core import clock
from core.access import Role, access, allowed, load, require
from core.db import writing
from core.errors import DomainError
from followup.showing import added_words, letters_page, look_at, waits_words
from followup.stepping import take_tags
from followup.views import blueprint
from triage import queries
from triage.acting import add_words
from triage.filters import Filters
from triage.models import Action
from triage.views import hold, inbox_page, nothing_chosen, read_ids, tagged_words, today


@blueprint.post("/tags/preview")
@require(Role.agent)
def tags_preview() -> ResponseReturnValue:
    """What each of them will read; nothing goes out."""
    ids, action_ids = read_ids("comment_ids"), read_ids("action_id")
    if missing := nothing_chosen(ids, action_ids):
        return _refused(missing)
    args = Filters.read(request.args).as_args()
    return letters_page(
        load(Action, action_ids[0]), queries.comments(ids), url_for("followup.tags", **args), url_for("triage.inbox", **args), editable=False
    )  # fmt: skip


@blueprint.post("/tags")
@require(Role.agent)
def tags() -> ResponseReturnValue:
    """Tag the comments that were ticked with one action."""
    ids, action_ids = read_ids("comment_ids"), read_ids("action_id")
    if missing := nothing_chosen(ids, action_ids):
        return _refused(missing)
    try:
        count, step = _tag(ids, action_ids[0])
    except DomainError as refusal:
        return _refused(refusal.sentence)
    flash(waits_words(count) if step else tagged_words(count))
    if step and allowed(Role.manager):
        return look_at(step)
    return redirect(url_for("triage.inbox", **Filters.read(request.args).as_args()), 303)


def _tag(ids: list[int], action_id: int) -> tuple[int, int]:
    """(comments, 0); of a large step (messages, its id)"""
    now, more = clock.now(), added_words()
    with writing():
        action = load(Action, action_id)
        add_words(action, more, now)
        taken = take_tags(queries.comments(ids), action, access().staff_id, hold(), today(now), now)
        return (taken.step.messages, taken.step.id) if taken.step else (taken.count, 0)


def _refused(sentence: str) -> ResponseReturnValue:
    flash(sentence, "error")
    return inbox_page(422)
