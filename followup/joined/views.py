"""Handle as one what the same person said in several ways; and take it apart again."""

from collections.abc import Sequence

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, access, allowed, load, require
from core.errors import DomainError
from core.saying import written
from followup.joined.joining import Asking, handle_as_one, take_apart, under_way
from followup.joined.laying_mail import lay, take_off
from followup.views import blueprint, on_the_desk, to_comment
from outbox.incoming.models import IncomingMessage
from triage.commenting import on_the_desk as on_their_desk
from triage.models import Comment
from triage.models_joining import Joining
from triage.views import hold, read_ids, today


@blueprint.post("/comments/<int:comment_id>/joining")
@require(Role.agent)
def join_comments(comment_id: int) -> ResponseReturnValue:
    """The comments in `with_ids` and this one stand on the desk as one from then on."""
    load(Comment, comment_id)
    others = [load(Comment, id).id for id in read_ids("with_ids")]
    if not others:
        flash(_("Choose what says the same."), "error")
        return to_comment(comment_id)
    with written(refused=DomainError) as said:
        said.extend(_joined(load(Comment, comment_id), others))
    return to_comment(on_the_desk(load(Comment, comment_id)).id)


def _joined(comment: Comment, others: Sequence[int]) -> list[str]:
    now = clock.now()
    asking = Asking(access().staff_id, hold(), today(now), now, may_approve=allowed(Role.manager))
    made = handle_as_one(comment, [load(Comment, id) for id in others], asking)
    said = [
        _("This is handled as one from now on: one line in the inbox, and one answer by each way they used.")
    ]
    if any(j.brought.get("tags") for j in made):
        said.append(_("What was done about one of these is said about the others too, after the hold."))
    if under_way(comment):
        said.append(_("One of these is being told right now: nobody hears the same twice at one address."))
    return said


@blueprint.post("/comments/<int:comment_id>/mails")
@require(Role.agent)
def lay_mail(comment_id: int) -> ResponseReturnValue:
    """The mail in `came_id` lies with this comment from then on."""
    load(Comment, comment_id)
    chosen = next(iter(read_ids("came_id")), None)
    if not chosen:
        flash(_("Choose what says the same."), "error")
        return to_comment(comment_id)
    load(IncomingMessage, chosen)
    with written(
        _("Handled as one: the mail lies with this comment, and is answered with it."), refused=DomainError
    ):
        lay(load(Comment, comment_id), load(IncomingMessage, chosen), clock.now())
    return to_comment(on_the_desk(load(Comment, comment_id)).id)


@blueprint.post("/mailbox/incoming/<int:incoming_id>/undoing")
@require(Role.agent)
def take_mail_off(incoming_id: int) -> ResponseReturnValue:
    """It stands by itself again, among the mail that came in."""
    load(IncomingMessage, incoming_id)
    back = url_for("outbox.incoming_page", incoming_id=incoming_id)
    with written(_("The mail stands by itself again, under “Mail that came in”."), refused=DomainError):
        response = take_off(load(IncomingMessage, incoming_id), clock.now())
        back = url_for("followup.comment_page", comment_id=on_their_desk(response)[0].id)
    return redirect(back, 303)


@blueprint.post("/joinings/<int:joining_id>/undoing")
@require(Role.agent)
def undo_joining(joining_id: int) -> ResponseReturnValue:
    """They are two again. What was told stays told."""
    made = load(Joining, joining_id)
    back = made.into_id
    with written(refused=DomainError) as said:
        taken_back = take_apart(load(Joining, joining_id), clock.now())
        said.append(_("These stand apart again. What was told stays told."))
        if taken_back:
            said.append(
                ngettext(
                    "%(num)d action that came with it was undone. Nobody was told.",
                    "%(num)d actions that came with it were undone. Nobody was told.",
                    taken_back,
                )
            )
    return to_comment(on_the_desk(load(Comment, back)).id)


def stand_apart(n: int) -> str:
    """What is said where two people who were one are two again."""
    return ngettext(
        "%(num)d comment that stood as one with another stands by itself again.",
        "%(num)d comments that stood as one with others stand by themselves again.",
        n,
    )
