"""A page of a comment says that it is open, and hears who has it open too and what was done meanwhile."""

from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from core import clock
from core.access import Role, access, asked_by_the_page, load, require
from core.db import writing
from followup import overtaken
from followup.views import blueprint
from triage import visiting
from triage.models import Comment


@blueprint.post("/comments/<int:comment_id>/visit")
@asked_by_the_page
@require(Role.viewer)
def visit(comment_id: int) -> ResponseReturnValue:
    """Nothing to swap when all is as it was shown: a screen reader says it once."""
    load(Comment, comment_id)
    now, me = clock.now(), access().staff_id
    if me:
        with writing():
            visiting.visit(comment_id, me, now)
    stand = overtaken.returned([comment_id])
    there = visiting.others(comment_id, me, now)
    shown = " ".join([*(_key(o.staff_id, o.since) for o in there), *stand.shown])
    if shown == request.form.get("shown", ""):
        return "", 204
    return render_template("followup/visits.html", visits=there, done=stand.done, shown=shown)


def _key(staff_id: int, since: datetime) -> str:
    return f"{staff_id}@{since.timestamp():.0f}"
