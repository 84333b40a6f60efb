"""A survey's rounds and their digests; a plan that is done."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, access, allowed, load, own, require
from core.db import db, writing
from core.errors import DomainError
from followup import rounds as digests
from followup.correcting import tell_done
from followup.forms import DigestForm
from followup.views import blueprint
from surveys.models import Round, Survey
from triage.forms_actions import CompletionForm
from triage.models import Action
from triage.views import today
from triage.views_actions import shown


@blueprint.get("/surveys/<int:survey_id>/rounds")
@require(Role.viewer)
def rounds_page(survey_id: int) -> ResponseReturnValue:
    """The periods of one survey, newest first, and which of them were answered."""
    survey = load(Survey, survey_id)
    found = db.session.scalars(
        own(Round).where(Round.survey_id == survey.id).order_by(Round.starts_on.desc())
    ).all()
    waits = {r.id: sum(digests.will_hear(r).values()) for r in found}
    return render_template("followup/rounds.html", survey=survey, rounds=found, waits=waits)


@blueprint.get("/rounds/<int:round_id>")
@require(Role.viewer)
def round_page(round_id: int) -> ResponseReturnValue:
    """The words of "you said, we did", and who will hear them."""
    round = load(Round, round_id)
    return _page(round, DigestForm(round, round.digest or digests.drafts(round)))


def _page(round: Round, form: DigestForm) -> str:
    done = digests.done_in(round)
    return render_template(
        "followup/round.html", round=round, survey=round.survey, form=form, hearers=digests.will_hear(round),
        done=[(d.action.id, d.action.kind, d.action.title, d.comments) for d in done], drafted=not round.digest,
        may_write=allowed(Role.agent) and not round.approved_at, may_approve=allowed(Role.manager), running=round.ends_on >= today(clock.now()),
        approved_on=clock.local_date(round.approved_at, g.timezone) if round.approved_at else None,
    )  # fmt: skip


@blueprint.post("/rounds/<int:round_id>/digest")
@require(Role.agent)
def digest(round_id: int) -> ResponseReturnValue:
    """Keep the words; nobody is told yet."""
    return _written(round_id, approving=False)


@blueprint.post("/rounds/<int:round_id>/approval")
@require(Role.manager)
def approval(round_id: int) -> ResponseReturnValue:
    """Everyone who gave only a score is told these words."""
    return _written(round_id, approving=True)


def _written(round_id: int, *, approving: bool) -> ResponseReturnValue:
    round = load(Round, round_id)
    form = DigestForm(round, {})
    if not form.validate():
        return _page(round, form), 422
    try:
        _write(round_id, form.words, approving=approving)
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return _page(load(Round, round_id), form), refusal.status
    flash(
        _("Approved. Everyone who gave only a score is told now.")
        if approving
        else _("Kept. Nobody is told before a manager approves it.")
    )
    return redirect(url_for("followup.round_page", round_id=round_id), 303)


def _write(round_id: int, words: dict[str, str], *, approving: bool) -> None:
    with writing():
        round, now = load(Round, round_id), clock.now()
        if approving:
            digests.approve(round, words, access().staff_id, now)
        else:
            digests.write(round, words, now)


@blueprint.post("/actions/<int:action_id>/completion")
@require(Role.agent)
def completion(action_id: int) -> ResponseReturnValue:
    """A plan is done: everyone who was told it is planned hears so."""
    action, now = load(Action, action_id), clock.now()
    form = CompletionForm(today(now))
    if not form.validate():
        return shown(action, completion=form), 422
    with writing():
        told = tell_done(load(Action, action_id), form.done_on.data or today(now), now)
    flash(ngettext("Done. %(num)d comment is told so now.", "Done. %(num)d comments are told so now.", told))
    return redirect(url_for("triage.action_page", action_id=action_id), 303)
