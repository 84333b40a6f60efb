"""What staff say of how somebody feels, and of a threat."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, load, require
from core.db import writing
from triage import meanwhile, wording
from triage.feeling import reading
from triage.feeling.suggesting import suggested
from triage.feeling.threatening import clear
from triage.inbox.filters import Filters
from triage.labelling import decide_emotion
from triage.models import EMOTIONS, Comment
from triage.views import blueprint

for _name, _filter in reading.FILTERS.items():
    blueprint.add_app_template_filter(_filter, _name)
blueprint.before_app_request(reading.warm_up)
blueprint.add_app_template_test(reading.is_masked, "swearing")
blueprint.add_app_template_global(reading.shows_typed, "shows_typed")
blueprint.add_app_template_global(lambda: EMOTIONS, "emotions")
blueprint.add_app_template_global(reading.shown_address, "shown_address")


@blueprint.post("/comments/<int:comment_id>/no-threat")
@require(Role.manager)
def no_threat(comment_id: int) -> ResponseReturnValue:
    """A manager read it, and nobody is in danger."""
    with writing():
        clear(load(Comment, comment_id), clock.now())
    flash(_("Nobody is in danger, as you say. It stands in the inbox where it belongs."))
    return redirect(url_for("followup.comment_page", comment_id=comment_id), 303)


@blueprint.post("/comments/<int:comment_id>/emotion")
@require(Role.agent)
def emotion(comment_id: int) -> ResponseReturnValue:
    """How it sounds, with one click: what was suggested, or another."""
    chosen, wanted = request.form.get("emotion", ""), Filters.read(request.args)
    if chosen in EMOTIONS:
        with writing():
            meanwhile.lock([comment_id])
            said = _decide(load(Comment, comment_id), chosen)
    else:
        load(Comment, comment_id)
        said = _("Choose one of the emotions that are shown.")
    if said:
        flash(said, "error")
    return redirect(url_for("followup.comment_page", comment_id=comment_id, **wanted.as_args()), 303)


def _decide(comment: Comment, chosen: str) -> str:
    """What somebody else said since the page was made stays; empty when this is what it sounds like now."""
    seen = meanwhile.read(request.form.getlist("seen"))
    if theirs := meanwhile.since([comment.id], seen, meanwhile.LABELS):
        return _(
            "%(name)s labelled it meanwhile, as you see it now. Your choice was: %(emotion)s. Choose again if it is to hold.",
            name=theirs[-1].actor, emotion=wording.emotion(chosen),
        )  # fmt: skip
    guess = suggested(comment.text, comment.response.language)
    decide_emotion(comment, chosen, guess, clock.now())
    return ""
