"""Letters: put together, printed, posted; a sheet that was spoilt, and one that came back."""

from contextlib import suppress

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError

from core import clock
from core.access import Role, access, allowed, load, require
from core.errors import DomainError
from core.saying import written
from core.text import one_line
from outbox.channels import letter
from outbox.models_letters import Batch, Sheet
from reports import letters
from reports.views import blueprint

SHOWN = 20


@blueprint.get("/letters")
@require(Role.viewer)
def letters_page() -> str:
    """What waits to be printed, and the last batches."""
    here = access().organisation_id
    found = [(batch, len(letter.whole(batch))) for batch in letter.batches(here, SHOWN)]
    return render_template(
        "reports/letters/letters.html",
        waiting=letter.waiting(here),
        batches=found,
        most=letter.MOST,
        may=allowed(Role.agent),
    )


@blueprint.post("/letters")
@require(Role.agent)
def put_together() -> ResponseReturnValue:
    """A batch of those that wait; a colleague may have taken them at this moment."""
    with suppress(IntegrityError), written(refused=DomainError):
        letter.put_together(access().organisation_id, clock.now())
    return _back()


@blueprint.get("/letters/<int:batch_id>.pdf")
@require(Role.agent)
def batch_pdf(batch_id: int) -> ResponseReturnValue:
    """To be printed, as often as it takes: printing tells nobody."""
    batch = load(Batch, batch_id)
    if not letter.whole(batch):
        abort(404, _("No letter of this batch is left to print."))
    try:
        pdf = letters.drawn(batch)
    except DomainError as refusal:
        flash(refusal.sentence, "error")
        return _back()
    name = f"letters-{batch_id}.pdf"
    return Response(
        pdf, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@blueprint.post("/letters/<int:batch_id>/posting")
@require(Role.agent)
def batch_posted(batch_id: int) -> ResponseReturnValue:
    """They are in the post: told."""
    with written(refused=DomainError) as said:
        n = letter.post(load(Batch, batch_id), clock.now())
        said.append(ngettext(
            "Noted, under your name: %(num)d letter is posted.", "Noted, under your name: %(num)d letters are posted.", n,
        ))  # fmt: skip
    return _back()


@blueprint.post("/sheets/<int:sheet_id>/spoilt")
@require(Role.agent)
def sheet_spoilt(sheet_id: int) -> ResponseReturnValue:
    """It waits for the next batch."""
    with written(_("Taken out. It waits for the next batch."), refused=DomainError):
        letter.spoil(load(Sheet, sheet_id), clock.now())
    return _back()


@blueprint.post("/sheets/<int:sheet_id>/return")
@require(Role.agent)
def sheet_came_back(sheet_id: int) -> ResponseReturnValue:
    """The post brought it back."""
    why = one_line(request.form.get("why", ""), 500)
    done = _("Noted. They are told in the other way they allowed, or stand as not reached.")
    with written(done, refused=DomainError):
        letter.came_back(load(Sheet, sheet_id), why, clock.now())
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("reports.letters_page"), 303)
