"""One's own account: name and language, password, sessions, the organisation in view, and the index of settings."""

from flask import Blueprint, abort, flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts import own_account, sessions, signing_in
from accounts.forms import PasswordForm, ProfileForm, said
from accounts.gate import colleague
from accounts.models import Membership
from accounts.presence import membership
from accounts.security import Colleague, hash_password
from core import clock
from core.access import Role, access, allowed, require
from core.db import writing

blueprint = Blueprint("accounts", __name__)


def myself() -> Colleague:
    """Whoever is signed in; a key is nobody."""
    return colleague() or abort(403)


def my_membership() -> Membership:
    return membership(access().organisation_id, myself().id) or abort(403)


@blueprint.get("/settings")
@require(Role.viewer)
def settings() -> ResponseReturnValue:
    """What there is to set, for this role."""
    return render_template("accounts/settings.html", manager=allowed(Role.manager), admin=allowed(Role.admin))


@blueprint.route("/settings/profile", methods=["GET", "POST"])
@require(Role.viewer)
def profile() -> ResponseReturnValue:
    """One's own name and language."""
    form = ProfileForm(obj=own_account.me(myself().id))
    if not form.validate_on_submit():
        return render_template("accounts/profile.html", form=form), 422 if form.errors else 200
    with writing():
        shown = bool(form.show_swearing.data)
        own_account.introduce(
            my_membership(), said(form.name), said(form.language), clock.now(), show_swearing=shown
        )
    g.language = form.language.data
    flash(_("Saved."))
    return redirect(url_for("accounts.profile"), 303)


@blueprint.route("/settings/password", methods=["GET", "POST"])
@require(Role.viewer)
def password() -> ResponseReturnValue:
    """Choose a password or change it; whatever else was signed in ends."""
    person = myself()
    if session.get("by_link"):
        person.password = None  # the link has shown who they are; the form asks for no other proof
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template(
            "accounts/password.html", form=form, present=person.password
        ), 422 if form.errors else 200
    hashed, now = hash_password(said(form.new_password)), clock.now()
    with writing():
        member = my_membership()
        own_account.choose_password(member, hashed, now)
        signing_in.enter(member.staff, now)
    flash(_("Your password is changed. Everything else that was signed in as you is signed out."))
    return redirect(url_for("accounts.settings"), 303)


@blueprint.get("/settings/sessions")
@require(Role.viewer)
def own_sessions() -> ResponseReturnValue:
    """Where this person is signed in."""
    person = myself()
    return render_template(
        "accounts/sessions.html", sessions=sessions.of(person.id, clock.now()), here=person.session_id
    )


@blueprint.post("/settings/sessions/<int:session_id>/revocation")
@require(Role.viewer)
def revoke(session_id: int) -> ResponseReturnValue:
    """Sign out one device of one's own."""
    with writing():
        ended = sessions.end(myself().id, clock.now(), session_id)
    if not ended:
        abort(404)
    flash(_("That device is signed out."))
    return redirect(url_for("accounts.own_sessions"), 303)


@blueprint.post("/settings/sessions/revocation")
@require(Role.viewer)
def revoke_others() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    person = myself()
    with writing():
        ended = sessions.end_others(person.id, person.session_id, clock.now())
    flash(ngettext("%(num)d other device is signed out.", "%(num)d other devices are signed out.", ended))
    return redirect(url_for("accounts.own_sessions"), 303)


@blueprint.post("/organisations/<int:organisation_id>/selection")
@require(Role.viewer)
def select(organisation_id: int) -> ResponseReturnValue:
    """Look at another organisation that one works for; 404 for any other."""
    if organisation_id not in {place.id for place in g.get("workplaces", [])}:
        abort(404)
    session["organisation"] = organisation_id
    return redirect(url_for("sign_in.home"), 303)


@blueprint.post("/sign-out")
@require(Role.viewer)
def sign_out() -> ResponseReturnValue:
    """End this session, in the row and in the cookie."""
    person = myself()
    with writing():
        signing_in.leave(person.id, person.session_id, clock.now())
    return redirect(url_for("sign_in.home"), 303)
