"""The mailbox: every message, what became of it in the server's own words, and how it looks."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, headers
from core.access import Role, access, allowed, load, require
from core.db import writing
from core.ids import row_id
from core.redirects import same_site
from core.saying import written
from core.settings import settings
from outbox import breaking, holding, pausing, queries
from outbox.channels import transport
from outbox.deciding import decide_again, decide_delivered
from outbox.models import STATES, Message
from outbox.slots import address

blueprint = Blueprint("outbox", __name__)
DECISIONS = {"delivered": decide_delivered, "again": decide_again}


@blueprint.get("/mailbox")
@require(Role.viewer)
def mailbox() -> ResponseReturnValue:
    """Every message, newest first; of one state where one was asked for."""
    state = request.args.get("state", "")
    known = state if state in STATES else ""
    found = queries.listing(access().organisation_id, known or None, request.args.get("before", type=row_id))
    return render_template(
        "mailbox/mailbox.html", listed=found, state=known, states=_states(known), counts=queries.counts(access().organisation_id),
        hold=holding.held(), may_release=allowed(Role.manager), leaves=bool(settings().smtp_url),
        breaker=breaking.open_breaker(transport(settings()).server), pauses=pausing.pauses(clock.now()),
    )  # fmt: skip


def _states(chosen: str) -> list[tuple[str, str, bool]]:
    """(state, address, whether it is this one)"""
    return [(s, url_for("outbox.mailbox", state=s or None), s == chosen) for s in ("", *STATES)]


@blueprint.get("/mailbox/<int:message_id>")
@require(Role.viewer)
def message_page(message_id: int) -> ResponseReturnValue:
    """One message: envelope, attempts, text, and its html in a frame of its own."""
    message = load(Message, message_id)
    headers.show_frames()
    opened = queries.opened(message)
    return render_template(
        "mailbox/message.html", message=message, text=opened.text, attempts=opened.attempts, hidden=_hidden(message),
        links=_links(message), may_decide=allowed(Role.agent), sender=settings().mail_from,
    )  # fmt: skip


def _hidden(message: Message) -> bool:
    """A one-time link is for its reader alone, unless this page is all the mail there is."""
    return message.secret and not (allowed(Role.admin) and not settings().smtp_url)


def _links(message: Message) -> list[tuple[str, str]]:
    """(purpose, address) of the personal links, where nobody else gets them."""
    return (
        []
        if settings().smtp_url
        else [(str(target[0]), address(target)) for target in message.links.values()]
    )


@blueprint.get("/mailbox/<int:message_id>/body")
@require(Role.viewer)
def body(message_id: int) -> ResponseReturnValue:
    """The html as it was sent, which runs nothing and loads nothing."""
    message = load(Message, message_id)
    if _hidden(message):
        abort(404)
    headers.confine_mail()
    return queries.opened(message).html or _("There is no html in this message.")


@blueprint.post("/messages/<int:message_id>/decision")
@require(Role.agent)
def decision(message_id: int) -> ResponseReturnValue:
    """Somebody says what cannot be known: it arrived, or it is sent once more."""
    load(Message, message_id)
    decide = DECISIONS.get(request.form.get("decision", "")) or abort(
        422, _("Choose whether it arrived or is sent again.")
    )
    with written(_("Noted, under your name.")):
        decide(load(Message, message_id), clock.now())
    back = request.form.get("back", "")
    return redirect(same_site(back) if back else url_for("outbox.message_page", message_id=message_id), 303)


@blueprint.post("/mailbox/release")
@require(Role.manager)
def release() -> ResponseReturnValue:
    """End the mail-hold: from now on messages leave again."""
    with writing():
        ended = holding.release(access().actor, clock.now())
    flash(_("Messages leave again.") if ended else _("Nothing was on hold."))
    return redirect(url_for("outbox.mailbox"), 303)


@blueprint.post("/mailbox/probe")
@require(Role.manager)
def probe() -> ResponseReturnValue:
    """Try the mail server again now, with one message."""
    with writing():
        opened = breaking.probe_now(transport(settings()).server, clock.now())
    flash(_("One message tries at once.") if opened else _("Nothing was stopped."))
    return redirect(url_for("outbox.mailbox"), 303)
