"""A page of comments, each with an action of its own: chosen key by key, read beforehand, said at once."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, access, allowed, load, own, require
from core.db import db, writing
from core.errors import DomainError
from core.ids import row_id
from core.saying import written
from core.settings import settings
from followup import read_before
from followup.previewing import Previews, previews
from followup.showing import look_at, waits_words
from followup.steps.stepping import Taken, take_tags
from followup.views import blueprint
from triage import queries
from triage.inbox import inbox
from triage.inbox.filters import Filters
from triage.models import Action, Comment, Tag
from triage.settling import together
from triage.sorting import KEYS, sorted_lines
from triage.tagging import undo
from triage.views import desk_of, hold, read_ids, tagged_words, today

CHOICE = "for_"
"""Before the number of a comment: the field with the action that it gets."""
READ = 2
"""Letters of each action; the others read the same words about their own."""


@blueprint.get("/inbox/sorting")
@require(Role.agent)
def sorting() -> ResponseReturnValue:
    """What needs a person, what is owed first; within the page the least sure on top."""
    return _page()


@blueprint.post("/inbox/sorting")
@require(Role.agent)
def sort() -> ResponseReturnValue:
    """Give each comment the action that was chosen for it: `step` is preview, edit, settle, or again: settle where all was read before."""
    step = request.form.get("step", "settle")
    if step == "edit":
        return _page()
    if not (piles := _piles()):
        flash(_("Choose an action for at least one comment."), "error")
        return _page(), 422
    to_read = step == "preview" or (step == "again" and not read_before.all_read(piles))
    return _preview(piles) if to_read else _settle()


@blueprint.post("/inbox/sorting/undo")
@require(Role.agent)
def undo_sorting() -> ResponseReturnValue:
    """Take back what was said of one page, within the hold."""
    with written(_("Undone. Nobody was told."), refused=DomainError):
        for tag in [t for id in read_ids("tag_id") for t in together(load(Tag, id))]:
            undo(tag, clock.now())
    return _back()


def _page() -> str:
    now, wanted, actions = clock.now(), replace(Filters.read(request.args), state="open"), _actions()
    listed = inbox.page(desk_of(now), wanted, _after(), now, g.timezone)
    return render_template(
        "followup/sorting.html", lines=sorted_lines(listed.rows, actions), choices=list(zip(KEYS, actions, strict=False)),
        titles={action.id: action.title for action in actions},
        chosen=_chosen(), args=_args(), after=_after(), next=listed.next, undoable=_undoable(), chose=request.method == "POST", read=bool(read_before.anything()),
    )  # fmt: skip


def _actions() -> list[Action]:
    return list(queries.newest(len(KEYS)))


def _args() -> dict[str, Any]:
    return Filters.read(request.args).as_args()


def _after() -> str:
    """Where this page begins; empty at the top."""
    return request.args.get("after", "")


def _chosen() -> dict[int, int]:
    """comment → action, as it was sent; what is no number is left out."""
    found: dict[int, int] = {}
    for name in (name for name in request.form if name.startswith(CHOICE)):
        with suppress(ValueError):
            found[row_id(name.removeprefix(CHOICE))] = row_id(request.form[name])
    return found


def _piles() -> dict[Action, list[Comment]]:
    """action → comments that need a person still: a colleague may have been quicker. 404 for what is not the organisation's."""
    chosen, now = _chosen(), clock.now()
    actions = {id: load(Action, id) for id in dict.fromkeys(chosen.values())}
    piles: dict[Action, list[Comment]] = {}
    for comment in queries.comments(list(chosen)):
        if comment.state(now) == "open":
            piles.setdefault(actions[chosen[comment.id]], []).append(comment)
    return piles


def _preview(piles: dict[Action, list[Comment]]) -> str:
    now = clock.now()
    shown = [_shown(action, previews(comments, action, now, READ)) for action, comments in piles.items()]
    read_before.remember(piles.keys())
    n = sum(map(len, piles.values()))
    label = ngettext("Say this about %(num)d comment", "Say this about %(num)d comments", n)
    return render_template(
        "followup/sorted.html", piles=shown, kept=_chosen(), args=_args(), after=_after(), label=label, hold_minutes=settings().hold_minutes
    )  # fmt: skip


def _shown(action: Action, found: Previews) -> tuple[Action, Previews, dict[str, int]]:
    """With the languages in which nobody wrote words, and how many chose them."""
    written = [language for language, text in action.public_note.items() if text]
    return action, found, found.reach.without(written)


def _settle() -> ResponseReturnValue:
    try:
        taken = _take()
    except DomainError as refusal:
        flash(refusal.sentence, "error")
        return _page(), refusal.status
    flash(tagged_words(sum(one.count for one in taken if not one.step)))
    waiting = [(one.step, one.count) for one in taken if one.step]
    for _step, count in waiting:
        flash(waits_words(count))
    if waiting and allowed(Role.manager):
        return look_at(waiting[0][0].id)
    return _back([one.tags[0].id for one in taken if one.tags])


def _take() -> list[Taken]:
    now = clock.now()
    with writing():
        return [
            take_tags(comments, action, access().staff_id, hold(), today(now), now)
            for action, comments in _piles().items()
        ]


def _back(tags: list[int] | None = None) -> ResponseReturnValue:
    return redirect(url_for("followup.sorting", tagged=tags or None, **_args()), 303)


def _undoable() -> list[Tag]:
    """What was said a moment ago, one tag of each action, as the address tells; until the hold ends."""
    ids, now = request.args.getlist("tagged", type=row_id), clock.now()
    tags = db.session.scalars(own(Tag).where(Tag.id.in_(ids)))
    return [tag for tag in tags if tag.held(now) and not tag.withdrawn_at]
