"""Many comments get the same label: those that were ticked in the inbox, or all that match."""

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, access, require
from core.errors import DomainError
from core.ids import row_id
from surveys.queries import colleagues
from triage import queries
from triage.inbox.filters import Filters
from triage.inbox.matching import all_that_match
from triage.labelling_many import KEEP, NOBODY, Chosen, label_many
from triage.models import EMOTIONS
from triage.views import blueprint, inbox_page, read_ids

MOST = 5_000


@blueprint.post("/inbox/labels")
@require(Role.agent)
def label_all() -> ResponseReturnValue:
    """Whose they are, what they are about, how they sound."""
    try:
        ids, chosen = chosen_ids(MOST), _chosen()
        _refuse_nothing(ids, chosen)
    except DomainError as refusal:
        flash(refusal.sentence, "error")
        return inbox_page(refusal.status)
    n = label_many(access().organisation_id, ids, chosen, clock.now())
    flash(ngettext("%(num)d comment was labelled.", "%(num)d comments were labelled.", n))
    return redirect(url_for("triage.inbox", **Filters.read(request.args).as_args()), 303)


def chosen_ids(most: int) -> list[int]:
    """Those that were ticked; or all that match what the address asks for, as far as they were there when it was read."""
    if not request.form.get("everything"):
        return read_ids("comment_ids")
    last = request.args.get("last", type=row_id)
    return all_that_match(access(), Filters.read(request.args), clock.now(), g.timezone, most, last)


def _refuse_nothing(ids: list[int], chosen: Chosen) -> None:
    if not ids or not queries.comments(ids[:1000]):
        raise DomainError(_("Tick at least one comment."))
    if not chosen:
        raise DomainError(_("Choose whose they are, what they are about, or how they sound."))


def _chosen() -> Chosen:
    """DomainError for whom or what there is not: somebody may have left while the page was open."""
    theme = next((t for t in queries.themes() if str(t.id) == request.form.get("give_theme")), None)
    emotion = request.form.get("give_emotion", KEEP)
    return Chosen(
        _assignee(request.form.get("give_to", KEEP)), theme, emotion if emotion in EMOTIONS else KEEP
    )


def _assignee(who: str) -> int | str:
    if who in {KEEP, NOBODY}:
        return who
    if who not in {str(s.id) for s in colleagues()}:
        raise DomainError(_("This colleague does not work here any more. Choose another one."))
    return int(who)
