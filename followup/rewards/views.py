"""A survey's rewards: who gets a code, how many are left, and who got some."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.access import Role, load, require
from core.db import writing
from core.errors import DomainError
from core.uploads import takes
from followup.rewards import reward_codes, rewarding
from followup.rewards.forms import CodesForm, RewardForm
from followup.rewards.reward_codes import Added, named
from followup.views import blueprint
from surveys.models import Survey

MEGABYTES = 4
SPLITS = ("channel", "language", "score")


@blueprint.get("/surveys/<int:survey_id>/rewards")
@require(Role.manager)
def rewards_page(survey_id: int) -> str:
    """The rule, and how many codes are left."""
    return _page(load(Survey, survey_id))


@blueprint.post("/surveys/<int:survey_id>/rewards")
@require(Role.manager)
def choose_rewards(survey_id: int) -> ResponseReturnValue:
    """Who gets a code from now on."""
    survey = load(Survey, survey_id)
    form = RewardForm(survey, reward_codes.pool_of(survey))
    if not form.validate():
        return _page(survey, form), 422
    rule = reward_codes.Rule(
        form.what, form.rule.data, form.every.data or 1, form.low_at.data or 0, form.gives.data
    )
    with writing():
        reward_codes.choose(load(Survey, survey_id), rule, clock.now())
    flash(_("Kept."))
    return _back(survey_id)


@blueprint.post("/surveys/<int:survey_id>/rewards/codes")
@takes(MEGABYTES)
@require(Role.manager)
def add_codes(survey_id: int) -> ResponseReturnValue:
    """More codes, each once."""
    survey, form = load(Survey, survey_id), CodesForm()
    try:
        lines = form.lines()
        with writing():
            pool = reward_codes.pool_of(load(Survey, survey_id))
            added = reward_codes.add(pool, lines, clock.now()) if pool else None
    except DomainError as refusal:
        form.codes.errors = [refusal.sentence]
        return _page(load(Survey, survey_id), codes=form), refusal.status
    if not added:
        form.codes.errors = [_("Choose first who gets a code.")]
        return _page(survey, codes=form), 422
    flash(_said(added))
    return _back(survey_id)


def _said(added: Added) -> str:
    """How many are new, and which lines are not, with why."""
    said = [ngettext("%(num)d code added.", "%(num)d codes added.", added.new)]
    if added.twice:
        said.append(ngettext(
            "%(num)d was there already, or stands twice: line %(lines)s.",
            "%(num)d were there already, or stand twice: lines %(lines)s.", len(added.twice), lines=named(added.twice),
        ))  # fmt: skip
    if added.too_long:
        said.append(ngettext(
            "%(num)d is longer than 100 characters: line %(lines)s.",
            "%(num)d are longer than 100 characters: lines %(lines)s.", len(added.too_long), lines=named(added.too_long),
        ))  # fmt: skip
    return " ".join(said)


def _back(survey_id: int) -> ResponseReturnValue:
    return redirect(url_for("followup.rewards_page", survey_id=survey_id), 303)


def _page(survey: Survey, form: RewardForm | None = None, codes: CodesForm | None = None) -> str:
    pool = reward_codes.pool_of(survey)
    return render_template(
        "followup/rewards.html", survey=survey, pool=pool, form=form or RewardForm(survey, pool),
        codes=codes or CodesForm(formdata=None), left=rewarding.left(pool) if pool else 0,
        given=reward_codes.given(pool) if pool else 0,
        splits={name: reward_codes.given_by(pool, name) for name in SPLITS} if pool else {},
    )  # fmt: skip
