"""Many comments, ticked in the inbox or all that match, get one action: read first what each of them will read."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from core import clock
from core.access import Role, access, allowed, load, require
from core.db import writing
from core.errors import Conflict, DomainError
from core.models import Event
from followup.many.bulk import FROM, begin
from followup.showing import add_to, added_words, letters_page, look_at, taken_words
from followup.steps.stepping import size_of_tags, take_tags
from followup.views import blueprint
from triage import meanwhile, queries
from triage.inbox.filters import Filters
from triage.inbox.inbox import moment_of
from triage.models import Action
from triage.views import hold, inbox_page, nothing_chosen, read_ids, today
from triage.views_many import MOST, chosen_ids

TAGGED = ("comment.tagged",)


@blueprint.post("/tags/preview")
@require(Role.agent)
def tags_preview() -> ResponseReturnValue:
    """What each of them will read; nothing goes out."""
    action_ids, args = read_ids("action_id"), Filters.read(request.args).as_args()
    try:
        ids = chosen_ids(MOST)
        _refuse_answered(ids)
    except Answered as late:
        return _without(late)
    except DomainError as refusal:
        return _refused(refusal.sentence)
    if missing := nothing_chosen(ids, action_ids):
        return _refused(missing)
    return letters_page(
        load(Action, action_ids[0]), queries.comments(ids), url_for("followup.tags", last=max(ids), **args), url_for("triage.inbox", **args), editable=False,
    )  # fmt: skip


@blueprint.post("/tags")
@require(Role.agent)
def tags() -> ResponseReturnValue:
    """Tag the comments that were chosen with one action; many of them as work that goes on by itself."""
    action_ids = read_ids("action_id")
    try:
        ids = chosen_ids(MOST)
        if missing := nothing_chosen(ids, action_ids):
            return _refused(missing)
        return _as_work(ids, action_ids[0]) if len(ids) >= FROM else _at_once(ids, action_ids[0])
    except Answered as late:
        return _without(late)
    except DomainError as refusal:
        return _refused(refusal.sentence)


def _as_work(ids: list[int], action_id: int) -> ResponseReturnValue:
    now, more = clock.now(), added_words()
    size = size_of_tags(queries.comments(ids), now)
    with writing():
        _refuse_answered(ids)
        action = load(Action, action_id)
        add_to(action, more, now)
        work_id = begin(
            ids, action, access().staff_id, hold(), size, now, may_approve=allowed(Role.manager)
        ).id
    return redirect(url_for("followup.bulk_page", work_id=work_id), 303)


def _at_once(ids: list[int], action_id: int) -> ResponseReturnValue:
    said, step, tag_id = _tag(ids, action_id)
    flash(said)
    if step and allowed(Role.manager):
        return look_at(step)
    return redirect(
        url_for("triage.inbox", tagged=tag_id or None, **Filters.read(request.args).as_args()), 303
    )


def _tag(ids: list[int], action_id: int) -> tuple[str, int, int]:
    """(what came of it, 0, a tag to undo them by); of a step that waits (…, its id, 0)"""
    now, more = clock.now(), added_words()
    with writing():
        meanwhile.lock(ids)
        _refuse_answered(ids)
        action = load(Action, action_id)
        add_to(action, more, now)
        taken = take_tags(
            queries.comments(ids),
            action,
            access().staff_id,
            hold(),
            today(now),
            now,
            may_approve=allowed(Role.manager),
        )
        first = taken.tags[0].id if taken.tags else 0
        return (taken_words(taken), taken.step.id, 0) if taken.step else (taken_words(taken), 0, first)


class Answered(Conflict):
    """Colleagues answered some of those that were ticked since the list was made; `left`: the others."""

    def __init__(self, events: Sequence[Event], ids: Sequence[int]) -> None:
        answered = {event.subject_id for event in events}
        self.left = [id for id in ids if id not in answered]
        names = ", ".join(dict.fromkeys(event.actor for event in events))
        super().__init__(self.said(len(answered), names))

    def said(self, n: int, names: str) -> str:
        return ngettext(
            "%(names)s answered %(num)d of these meanwhile. It is not ticked any more; tick it again if it is to have this answer too.",
            "%(names)s answered %(num)d of these meanwhile. They are not ticked any more; tick them again if they are to have this answer too.",
            n, names=names,
        )  # fmt: skip


class AnsweredOfAll(Answered):
    """The same of all that match: those that were answered still do."""

    def said(self, n: int, names: str) -> str:
        return ngettext(
            "%(names)s answered %(num)d of these meanwhile. Nobody heard anything yet: choose again if that one is to have this answer too, or narrow the list to what needs a person.",
            "%(names)s answered %(num)d of these meanwhile. Nobody heard anything yet: choose again if those are to have this answer too, or narrow the list to what needs a person.",
            n, names=names,
        )  # fmt: skip


def _refuse_answered(ids: Sequence[int]) -> None:
    """Of what was ticked, the list knows how it was; of all that match, when it was made."""
    if request.form.get("everything"):
        made = moment_of(request.form.get("made", ""))
        if made and (events := meanwhile.after(ids, made, TAGGED)):
            raise AnsweredOfAll(events, ids)
    elif events := meanwhile.since(ids, meanwhile.read(request.form.getlist("seen")), TAGGED):
        raise Answered(events, ids)


def _without(late: Answered) -> ResponseReturnValue:
    flash(late.sentence, "error")
    return inbox_page(late.status, ticked=late.left)


def _refused(sentence: str) -> ResponseReturnValue:
    flash(sentence, "error")
    return inbox_page(422)
