"""Two actions become one: read both words first, and choose which hold."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, allowed, load, require
from core.application import language_name
from core.errors import DomainError
from core.ids import row_id
from core.saying import written
from followup.corrections.merging import Merger, merge_actions, what_comes_of
from followup.corrections.views_again import hear_now
from followup.previewing import Preview
from followup.steps.sampling import merger_previews
from followup.views import blueprint
from triage import queries, wording
from triage.models import Action


@blueprint.get("/actions/<int:action_id>/merger")
@require(Role.agent)
def action_merger(action_id: int) -> ResponseReturnValue:
    """Choose the other one; `?with=` shows both words, and what comes of keeping either."""
    action, other_id = load(Action, action_id), request.args.get("with", type=row_id)
    words = request.args.get("q", "").replace("\x00", "").strip()[:200]
    if not other_id:
        choices = [line for line in queries.choices(words) if line.id != action_id]
        return render_template("followup/merger.html", action=action, choices=choices, words=words)
    pair = [(action, load(Action, other_id)), (load(Action, other_id), action)]
    sides = [(_side(into), *_outcome(one, into)) for one, into in pair]
    return render_template("followup/merger_pair.html", action=action, sides=sides)


def _side(action: Action) -> tuple[queries.ActionLine, list[tuple[str, str, str]]]:
    """The action, and (language, its name, the words) as respondents read them."""
    notes = [(x, language_name(x), wording.dated(text, action, x)) for x, text in action.public_note.items()]
    return queries.action_line(action), notes


def _outcome(one: Action, into: Action) -> tuple[int, Merger | None, str, list[Preview]]:
    """(the action that would end, what comes of it, or else why it cannot, the letter to somebody who was told it)"""
    now = clock.now()
    try:
        found = what_comes_of(one, into, now, may_correct=allowed(Role.manager))
    except DomainError as refusal:
        return one.id, None, refusal.sentence, []
    corrects = found.corrected or found.by_digest
    return one.id, found, "", merger_previews(one, into, now) if corrects else []


@blueprint.post("/actions/<int:action_id>/merger")
@require(Role.agent)
def merge_action(action_id: int) -> ResponseReturnValue:
    """It ends; the words of `into` hold from now on."""
    load(Action, action_id)
    chosen = request.form.get("into", type=row_id)
    if not chosen:
        flash(_("Choose the action whose words hold."), "error")
        return redirect(url_for("followup.action_merger", action_id=action_id), 303)
    into_id = load(Action, chosen).id
    with written(refused=DomainError) as said:
        one, into = load(Action, action_id), load(Action, into_id)
        done = merge_actions(one, into, clock.now(), may_correct=allowed(Role.manager))
        said.append(_merged(done))
    return redirect(url_for("triage.action_page", action_id=into_id), 303)


def _merged(done: Merger) -> str:
    moved = ngettext(
        "Merged. %(num)d comment moved.", "Merged. %(num)d comments moved.", done.moved + done.told
    )
    return (
        f"{moved} {hear_now(done.corrected, done.by_digest)}" if done.corrected or done.by_digest else moved
    )
