"""How far work on many comments is, and calling it back."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.access import Role, allowed, load, require
from core.saying import written
from followup.many.bulk import cancel, progress
from followup.many.meanwhile import left_alone
from followup.many.models import BulkWork
from followup.views import blueprint


@blueprint.get("/bulk/<int:work_id>")
@require(Role.viewer)
def bulk_page(work_id: int) -> str:
    """It looks again by itself while there is something to see."""
    work, now = load(BulkWork, work_id), clock.now()
    had, stand = progress(work)
    return render_template(
        "followup/bulk.html",
        work=work,
        state=work.state(now),
        had=had,
        stand=stand,
        left=left_alone(work),
        may_tag=allowed(Role.agent),
    )


@blueprint.post("/bulk/<int:work_id>/cancellation")
@require(Role.agent)
def cancel_bulk(work_id: int) -> ResponseReturnValue:
    with written(_("Called back. Nobody else is told.")):
        cancel(load(BulkWork, work_id), clock.now())
    return redirect(url_for("followup.bulk_page", work_id=work_id), 303)
