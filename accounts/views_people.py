"""The people of an organisation: who they are, what they may do, who is away, who left."""

from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from accounts import letters, links, people, queries
from accounts.forms import said, show_on
from accounts.forms_organisation import AwayForm, InviteForm, RoleForm
from accounts.frame import all_roles
from accounts.models import Membership
from accounts.views_organisation import here
from core import clock
from core.access import Role, access, load, require
from core.db import writing
from core.errors import DomainError

blueprint = Blueprint("people", __name__)


@blueprint.get("/settings/people")
@require(Role.admin)
def index() -> ResponseReturnValue:
    """Everybody here, and a form to invite somebody."""
    return _index(InviteForm(role="agent"))


def _index(form: InviteForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "accounts/people.html", people=queries.colleagues(clock.now()), form=form, roles=all_roles()
    ), status


@blueprint.post("/settings/people")
@require(Role.admin)
def invite() -> ResponseReturnValue:
    """Let somebody in, and mail them a link that signs them in once."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _index(form, 422)
    try:
        _let_in(said(form.name), said(form.email), form.chosen, clock.now())
    except DomainError as refused:
        return _index(form, show_on(form, refused))
    flash(_("%(name)s is invited. The link in the mail works once, for three days.", name=said(form.name)))
    return redirect(url_for("people.index"), 303)


def _let_in(name: str, mail: str, role: Role, now: datetime) -> None:
    """Whoever has an account already reads the letter under their own name, in their own language."""
    known, at, token = people.find(mail), here(), links.draw()
    name, language = (known.name, known.language) if known else (name, at.language)
    letter = letters.invitation(at, name, language, token, now)
    with writing():
        member = people.invite(access().organisation_id, name, mail, role, now)
        letters.post(letter, member.staff_id, token, name, mail, now)


@blueprint.get("/settings/people/<int:membership_id>")
@require(Role.admin)
def person(membership_id: int) -> ResponseReturnValue:
    """One colleague: role, absence, a link, leaving."""
    return _person(load(Membership, membership_id))


def _person(member: Membership, status: int = 200, **forms: Form) -> ResponseReturnValue:
    fitting = {
        "role_form": RoleForm(role=member.role),
        "away_form": AwayForm(data={"until": _last_day(member)}),
    }
    return render_template(
        "accounts/person.html", member=member, now=clock.now(), **{**fitting, **forms}
    ), status


def _last_day(member: Membership) -> object:
    return clock.local_date(member.away_until, g.timezone) if member.away_until else None


@blueprint.post("/settings/people/<int:membership_id>/role")
@require(Role.admin)
def role(membership_id: int) -> ResponseReturnValue:
    """Another role; whatever this person has open is signed out."""
    form = RoleForm()
    if not form.validate_on_submit():
        return _person(load(Membership, membership_id), 422, role_form=form)
    with writing():
        people.change_role(load(Membership, membership_id), form.chosen, clock.now())
    flash(_("The role is changed. This person has to sign in again."))
    return redirect(url_for("people.person", membership_id=membership_id), 303)


@blueprint.post("/settings/people/<int:membership_id>/absence")
@require(Role.admin)
def absence(membership_id: int) -> ResponseReturnValue:
    """Away until a day, or back: meanwhile the deputy follows up."""
    form = AwayForm()
    try:
        if not form.validate_on_submit():
            return _person(load(Membership, membership_id), 422, away_form=form)
        with writing():
            people.away(load(Membership, membership_id), form.moment(g.timezone), clock.now())
    except DomainError as refused:
        return _person(load(Membership, membership_id), show_on(form, refused), away_form=form)
    flash(
        _("Saved. Meanwhile the deputy of each survey follows up.")
        if form.until.data
        else _("Saved: back at work.")
    )
    return redirect(url_for("people.person", membership_id=membership_id), 303)


@blueprint.post("/settings/people/<int:membership_id>/departure")
@require(Role.admin)
def departure(membership_id: int) -> ResponseReturnValue:
    """They no longer work here, and are signed out at once."""
    with writing():
        people.leave(load(Membership, membership_id), clock.now())
    flash(_("Signed out everywhere. What they signed keeps their name; the deputy follows up from now on."))
    return redirect(url_for("people.index"), 303)


@blueprint.post("/settings/people/<int:membership_id>/link")
@require(Role.admin)
def link(membership_id: int) -> ResponseReturnValue:
    """Mail a new link to somebody who lost the first."""
    member, now, token = load(Membership, membership_id), clock.now(), links.draw()
    name, mail = member.staff.name, member.staff.email
    letter = letters.invitation(here(), name, member.staff.language, token, now)
    with writing():
        letters.post(letter, load(Membership, membership_id).staff_id, token, name, mail, now)
    flash(_("A link is on its way to %(mail)s.", mail=mail))
    return redirect(url_for("people.person", membership_id=membership_id), 303)
