"""Themes: the list, and one of them, which a manager renames, merges into another one, or takes away."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, allowed, load, require
from core.application import words
from core.db import writing
from core.errors import DomainError
from core.ids import row_id
from triage import history
from triage.themes import queries_themes
from triage.themes.forms import MergerForm, ThemeForm
from triage.themes.models import Theme
from triage.themes.theming import merge, refuse_ended, remove, rename
from triage.views import blueprint


@blueprint.get("/themes")
@require(Role.viewer)
def themes() -> ResponseReturnValue:
    """All of them by name, with how many comments and actions are about each."""
    start = min(request.args.get("start", 0, type=row_id), 100_000)
    return render_template("triage/themes.html", listed=queries_themes.theme_page(start))


@blueprint.get("/themes/<int:theme_id>")
@require(Role.viewer)
def theme_page(theme_id: int) -> ResponseReturnValue:
    """One of them; of what was merged, the one that holds its comments now."""
    theme = load(Theme, theme_id)
    if theme.merged_into_id:
        return redirect(url_for("triage.theme_page", theme_id=theme.merged_into_id))
    return _page(theme)


def _page(theme: Theme, form: ThemeForm | None = None, merger: MergerForm | None = None) -> str:
    return render_template(
        "triage/theme.html", line=queries_themes.lines([theme])[0], ended=theme.ended_at is not None, merged=queries_themes.merged_into(theme),
        form=form or ThemeForm(theme), merger=merger or MergerForm(queries_themes.others(theme)),
        history=history.lines(queries_themes.happened_to(theme)), may_change=allowed(Role.manager) and not theme.ended_at,
    )  # fmt: skip


@blueprint.post("/themes/<int:theme_id>/name")
@require(Role.manager)
def theme_name(theme_id: int) -> ResponseReturnValue:
    """What it is called from now on, in each language."""
    theme = load(Theme, theme_id)
    form = ThemeForm(theme)
    if not form.validate():
        return _page(theme, form), 422
    try:
        with writing():
            theme = load(Theme, theme_id)
            rename(theme, form.name(theme), clock.now())
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return _refused(refusal, theme_id, form=form)
    flash(_("Saved."))
    return _to(theme_id)


@blueprint.post("/themes/<int:theme_id>/merger")
@require(Role.manager)
def theme_merger(theme_id: int) -> ResponseReturnValue:
    """It becomes part of another one. `step` preview says first how many comments move."""
    theme = load(Theme, theme_id)
    form = MergerForm(queries_themes.others(theme))
    if not form.validate():
        return _page(theme, merger=form), 422
    into_id = load(Theme, _id(form.into.data)).id
    try:
        if request.form.get("step") == "preview" and into_id != theme_id:
            return _preview(theme_id, into_id)
        with writing():
            moved = merge(load(Theme, theme_id), load(Theme, into_id), clock.now())
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return _refused(refusal, theme_id, merger=form)
    flash(ngettext("Merged. %(num)d comment moved.", "Merged. %(num)d comments moved.", moved))
    return _to(into_id)


def _refused(refusal: DomainError, theme_id: int, **forms: Any) -> ResponseReturnValue:
    """Beside the form; on the list when the theme ended while they looked at it."""
    theme = load(Theme, theme_id)
    if not theme.ended_at:
        return _page(theme, **forms), refusal.status
    flash(refusal.sentence, "error")
    return redirect(url_for("triage.themes"), 303)


def _id(text: str) -> int:
    """0, which nothing has, for what is no id."""
    try:
        return row_id(text)
    except ValueError:
        return 0


def _preview(theme_id: int, into_id: int) -> str:
    both = [load(Theme, theme_id), load(Theme, into_id)]
    for each in both:
        refuse_ended(each)
    theme, into = queries_themes.lines(both)
    return render_template("triage/merger.html", theme=theme, into=into)


@blueprint.post("/themes/<int:theme_id>/removal")
@require(Role.manager)
def theme_removal(theme_id: int) -> ResponseReturnValue:
    """Take away what nothing is about."""
    name = words(load(Theme, theme_id).name)
    try:
        with writing():
            remove(load(Theme, theme_id), clock.now())
    except DomainError as refusal:
        flash(refusal.sentence, "error")
        return _to(theme_id)
    flash(_("“%(name)s” was taken away.", name=name))
    return redirect(url_for("triage.themes"), 303)


def _to(theme_id: int) -> ResponseReturnValue:
    return redirect(url_for("triage.theme_page", theme_id=theme_id), 303)
