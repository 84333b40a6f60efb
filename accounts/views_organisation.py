"""An admin's desk: the organisation's record, and the keys for programs."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy import select

from accounts import keys, logos, queries
from accounts.forms import said
from accounts.forms_organisation import KeyForm, LogoForm, OrganisationForm
from accounts.frame import all_roles
from accounts.models import ApiKey
from accounts.pictures import redrawn
from accounts.record import rewrite
from core import clock, colours
from core.access import Role, access, load, require
from core.db import db, writing
from core.errors import DomainError
from core.models import Organisation
from core.uploads import takes

blueprint = Blueprint("organisation", __name__)
blueprint.add_app_template_global(logos.shown, "logo_shown")


def here() -> Organisation:
    """The organisation that is asking."""
    return db.session.scalars(select(Organisation).where(Organisation.id == access().organisation_id)).one()


@blueprint.route("/settings/organisation", methods=["GET", "POST"])
@require(Role.manager)
def record() -> ResponseReturnValue:
    """Who the organisation is and how it can be reached: what every page and message shows."""
    form = OrganisationForm.of(here())
    if not form.validate_on_submit():
        return _record(form, LogoForm(formdata=None), 422 if form.errors else 200)
    with writing():
        rewrite(here(), form.record(), clock.now())
    flash(_("Saved. Every page and message shows it from now on."))
    if said := _darkened(form.accent.data or ""):
        flash(said)
    return redirect(url_for("organisation.record"), 303)


def _record(form: OrganisationForm, logo: LogoForm, status: int) -> ResponseReturnValue:
    return render_template(
        "accounts/organisation.html", form=form, picture=logo, shown=logos.shown(here())
    ), status


def _darkened(accent: str) -> str:
    """What becomes of a colour in which words could not be read; empty where they can."""
    used = colours.readable(accent)
    if used == accent:
        return ""
    return _(
        "Words in %(accent)s could not be read on white: their contrast is %(contrast)s, and 4.5 is needed. In reports %(used)s stands for it; pages darken or lighten it themselves.",
        accent=accent, contrast=format_decimal(round(colours.contrast(accent, colours.WHITE), 1)), used=used,
    )  # fmt: skip


@blueprint.post("/settings/organisation/logo")
@takes(2)
@require(Role.manager)
def logo() -> ResponseReturnValue:
    """Take a picture; what cannot be one is said beside the field, and the logo that was there stays."""
    form = LogoForm()
    try:
        picture = redrawn(form.content() if form.validate() else b"")
    except DomainError as error:
        form.logo.errors = [error.sentence]
        return _record(OrganisationForm.of(here()), form, 422)
    with writing():
        logos.adopt(here(), picture, clock.now())
    flash(_("Saved. The logo stands above your public pages and in the reports that are made from now on."))
    return redirect(url_for("organisation.record"), 303)


@blueprint.post("/settings/organisation/logo/removal")
@require(Role.manager)
def remove_logo() -> ResponseReturnValue:
    """Reports that were made with it keep it."""
    with writing():
        logos.drop(here(), clock.now())
    flash(_("The logo is gone; your name stands there again. Reports that were made keep it."))
    return redirect(url_for("organisation.record"), 303)


@blueprint.get("/settings/keys")
@require(Role.admin)
def api_keys() -> ResponseReturnValue:
    """The keys that work, and a form for a new one."""
    return _keys(KeyForm(role="agent"))


def _keys(form: KeyForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "accounts/keys.html", keys=queries.api_keys(), form=form, roles=all_roles()
    ), status


@blueprint.post("/settings/keys")
@require(Role.admin)
def create_key() -> ResponseReturnValue:
    """Make a key and show it: the only page that ever does, so it is no redirect."""
    form = KeyForm()
    if not form.validate_on_submit():
        return _keys(form, 422)
    with writing():
        row, secret = keys.create(access().organisation_id, said(form.name), form.chosen, clock.now())
    return render_template("accounts/key_shown.html", name=row.name, secret=secret), 201


@blueprint.post("/settings/keys/<int:key_id>/revocation")
@require(Role.admin)
def revoke_key(key_id: int) -> ResponseReturnValue:
    """A key stops working at once."""
    with writing():
        keys.revoke(load(ApiKey, key_id), clock.now())
    flash(_("The key is withdrawn. Programs that use it are refused from now on."))
    return redirect(url_for("organisation.api_keys"), 303)
