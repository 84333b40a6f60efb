"""The inbox, and the tags that are sent now or undone."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, access, allowed, load, own, require
from core.calendar import next_working_day
from core.database.counting import counted
from core.db import db
from core.ids import row_id
from core.models import Organisation
from core.saying import written
from core.settings import settings
from promises.queries import due
from triage import meanwhile, queries, wording
from triage.day import plans
from triage.forms import ViewForm
from triage.inbox import inbox as lists
from triage.inbox.filters import STATES, Filters
from triage.inbox.finding import READ
from triage.inbox.highlighting import pieces
from triage.inbox.matching import count
from triage.inbox.narrowing import Offered
from triage.inbox.saving import View, views
from triage.inbox.segments import Desk
from triage.joining import tags_of_one
from triage.models import Tag
from triage.settling import together
from triage.tagging import send_now, undo

blueprint = Blueprint("triage", __name__)
blueprint.add_app_template_filter(wording.emotion, "emotion")
blueprint.add_app_template_filter(pieces, "pieces")
blueprint.add_app_template_filter(wording.way, "way_words")


@blueprint.get("/inbox")
@require(Role.viewer)
def inbox() -> ResponseReturnValue:
    """What is owed first on top; narrowed by what stands in the address."""
    return inbox_page()


def inbox_page(
    status: int = 200, saving: ViewForm | None = None, ticked: list[int] | None = None
) -> ResponseReturnValue:
    wanted, now = _read(), clock.now()
    here = db.session.get_one(
        Organisation, access().organisation_id
    )  # while it is held nobody reads it again
    offered = Offered.read()
    page = lists.page(desk_of(now), wanted, request.args.get("after", ""), now, g.timezone)
    saved = views(access(), now, g.timezone)
    many = bool(page.next or request.args.get("after"))
    return render_template(
        "triage/inbox.html", listed=page, wanted=wanted, states=_states(wanted), due=due(here.id, now, g.timezone), plans=plans(today(now)),
        labels=offered.labels(), narrowed=bool(wanted.as_args().keys() - {"state", "q", "round", "customer"}),
        cut_short=READ if page.matches.cut_short(wanted.state) else 0,
        filters=offered.filters(wanted), now=now,
        no_comments=not page.rows and not queries.any_comment(), choices=queries.titles(), may_tag=allowed(Role.agent),
        ticked=read_ids("comment_ids") if ticked is None else ticked, marks=meanwhile.written(meanwhile.marks(row.id for row in page.rows)), chosen=read_ids("action_id"), beyond="after" in request.args, everything=bool(request.form.get("everything")),
        undoable=_undoable(now), matching=count(page.matches, wanted.state, now) if many else 0,
        views=_views(saved, wanted), view=next((v for v in saved if v.wanted == wanted and v.theirs), None), saving=saving or (ViewForm(formdata=None) if wanted else None),
    ), status  # fmt: skip


def _read() -> Filters:
    """As the address asks, by the theme that holds the comments now."""
    asked = Filters.read(request.args)
    return replace(asked, theme=queries.key_that_holds(asked.theme))


def _undoable(now: datetime) -> Tag | None:
    """What was said a moment ago, as the address tells; until its hold ends."""
    number = request.args.get("tagged", type=row_id)
    tag = db.session.scalar(own(Tag).where(Tag.id == number)) if number else None
    return tag if tag and tag.held(now) and not tag.withdrawn_at and allowed(Role.agent) else None


def desk_of(now: datetime) -> Desk:
    """The desk of whoever asks."""
    organisation = db.session.get_one(Organisation, access().organisation_id)
    tomorrow = clock.local_date(now, g.timezone) + timedelta(days=1)
    soon = clock.end_of_day(next_working_day(tomorrow, organisation.country), g.timezone)
    return Desk(organisation.id, access().staff_id, soon)


def _views(saved: list[View], wanted: Filters) -> list[tuple[str, str, bool, str]]:
    """(name, address, whether it is this one, how many) for the row of views."""
    return [
        (v.name, url_for("triage.inbox", **v.wanted.as_args()), v.wanted == wanted, counted(v.count))
        for v in saved
    ]


def _states(wanted: Filters) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is this one) for the row of states above the list."""
    labels = {"": _("all"), "open": _("needs a person"), "held": _("can be undone"), "settled": _("settled")}
    others = {name: value for name, value in wanted.as_args().items() if name != "state"}
    return [
        (labels[s], url_for("triage.inbox", state=s or None, **others), wanted.state == s)
        for s in ("", *STATES)
    ]


def read_ids(name: str) -> list[int]:
    """The ids in a form, each once; what is no id is left out."""
    return list(dict.fromkeys(request.form.getlist(name, type=row_id)))


def nothing_chosen(ids: list[int], action_ids: list[int]) -> str:
    if not ids or not queries.comments(ids):
        return _("Tick at least one comment.")
    return "" if action_ids else _("Choose the action that was taken.")


def today(now: datetime) -> date:
    """The day on the organisation's own calendar."""
    return clock.local_date(now, g.timezone)


def hold() -> timedelta:
    return timedelta(minutes=settings().hold_minutes)


def tagged_words(n: int) -> str:
    if not n:
        return _("Nothing was added: these comments have this action already.")
    told = ngettext("%(num)d comment has its action.", "%(num)d comments have their action.", n)
    minutes = settings().hold_minutes
    if not minutes:
        return told
    return f"{told} {ngettext('You can undo it for %(num)d minute.', 'You can undo it for %(num)d minutes.', minutes)}"


@blueprint.post("/tags/<int:tag_id>/release")
@require(Role.agent)
def release(tag_id: int) -> ResponseReturnValue:
    """Send now: end the hold of this tag, or of all that were given with it."""
    with written() as said:
        ended = send_now(_those(tag_id), clock.now())
        said.append(_("It is being sent now.") if ended else _("It is on its way already."))
    return _back(tag_id)


@blueprint.route("/tags/<int:tag_id>/withdrawal", methods=["POST", "DELETE"])
@require(Role.agent)
def withdrawal(tag_id: int) -> ResponseReturnValue:
    """Undo, within the hold; whoever comes too late is told so."""
    with written(_("Undone. Nobody was told.")):
        for tag in _those(tag_id):
            undo(tag, clock.now())
    return _back(tag_id)


def _those(tag_id: int) -> list[Tag]:
    tag = load(Tag, tag_id)
    return together(tag) if request.form.get("all") else tags_of_one(tag)


def _back(tag_id: int) -> ResponseReturnValue:
    if request.args.get("to") == "inbox":
        return redirect(url_for("triage.inbox", **Filters.read(request.args).as_args()), 303)
    return redirect(url_for("followup.comment_page", comment_id=load(Tag, tag_id).comment_id), 303)
