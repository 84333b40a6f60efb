"""A survey's rounds and their digests: who will hear them, in which words, and what will stand for everybody to read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock
from core.access import Role, access, allowed, load, own, require
from core.db import db, writing
from core.errors import DomainError
from followup.digests import rounds as digests
from followup.digests.actions import may_be_told, tells_by_itself, told_in
from followup.digests.corrections import holding, told_by_it
from followup.digests.drafting import drafts
from followup.digests.escalating import waiting_digests
from followup.digests.models import PublishedAction
from followup.digests.round_deeds import done_in
from followup.forms import DigestForm, digest_form
from followup.reaching import Hearers
from followup.showing import look_at, missing
from followup.steps.sampling import digest_previews
from followup.steps.stepping import size_of_digest, take_digest
from followup.views import blueprint
from surveys.models import Round, Survey
from triage import wording
from triage.models import Action
from triage.views import read_ids, today
from triage.writing import overruling


@blueprint.get("/surveys/<int:survey_id>/rounds")
@require(Role.viewer)
def rounds_page(survey_id: int) -> ResponseReturnValue:
    """The periods of one survey, newest first, and which of them were answered."""
    survey, now = load(Survey, survey_id), clock.now()
    found = db.session.scalars(
        own(Round).where(Round.survey_id == survey.id).order_by(Round.starts_on.desc())
    ).all()
    waits = {r.id: sum(digests.will_hear(r).values()) for r in found}
    due = {w.round_id: w.due_on for w in waiting_digests(now, access().organisation_id)}
    return render_template("followup/rounds.html", survey=survey, rounds=found, waits=waits, due=due)


@blueprint.get("/rounds/<int:round_id>")
@require(Role.viewer)
def round_page(round_id: int) -> ResponseReturnValue:
    """The words of "you said, we did", and who will hear them."""
    round = load(Round, round_id)
    reach = digests.reached(round)
    return _page(round, reach, _form(round, reach, round.digest or drafts(round)))


def _form(round: Round, reach: Hearers, words: dict[str, str]) -> DigestForm:
    """A field for each language of the survey, then for any other that somebody chose."""
    others = [language for language in reach.languages if language not in round.survey.languages]
    return digest_form([*round.survey.languages, *others], words)


def _page(round: Round, reach: Hearers, form: DigestForm) -> str:
    now, words = clock.now(), {language: text for language, text in form.words.items() if text.strip()}
    many, usual = size_of_digest(round, now)
    lacking = {} if round.approved_at else reach.without(words)
    return render_template(
        "followup/round.html", round=round, survey=round.survey, form=form, reach=reach, missing=missing(lacking),
        lines=_lines(round), righted=holding(round.id), heard=told_by_it(round), drafted=not round.digest, step=digests.waiting_step(round), many=many, usual=usual,
        samples=[] if round.approved_at else _samples(round, words, now), due_on=_due_on(round),
        may_write=allowed(Role.agent) and not round.approved_at, may_approve=allowed(Role.manager), running=round.ends_on >= today(now),
        approved_on=clock.local_date(round.approved_at, g.timezone) if round.approved_at else None,
    )  # fmt: skip


def _samples(round: Round, words: dict[str, str], now: datetime) -> Sequence[Any]:
    tells = None if words == round.digest else tells_by_itself(round, words)
    found = digest_previews(round, words, now, most=1, tells=tells)
    return [*found.mails, *found.pages]


def _due_on(round: Round) -> Any:
    due_at = None if round.approved_at else digests.falls_due(round)
    return clock.local_date(due_at, g.timezone) if due_at else None


def _lines(round: Round) -> list[dict[str, Any]]:
    """What was done about this round's comments; `told`: the words tell it, `public`: it stands, or may stand, on the page for everybody."""
    comments = {d.action: d.comments for d in done_in(round)}
    told, public = _told(round), _public(round, comments)
    return [
        {
            "id": a.id, "kind": a.kind, "title": a.title, "comments": comments.get(a, 0), "may": a.kind != "thanks", "gone": a.withdrawn_at is not None,
            "words": _public_words(a, round), "told": a.id in told, "public": a.id in public,
        }
        for a in dict.fromkeys([*comments, *may_be_told(round)])
    ]  # fmt: skip


def _told(round: Round) -> Collection[int]:
    """As it was just ticked, as it was kept, or as the draft has it."""
    if "telling" in request.form:
        return set(read_ids("tells"))
    return told_in(round) if round.digest else tells_by_itself(round, drafts(round))


def _public(round: Round, comments: Mapping[Action, int]) -> Collection[int]:
    """The same for everybody: until somebody chose, what more than one comment is answered by."""
    if "publishing" in request.form:
        return set(read_ids("publish"))
    chosen = select(PublishedAction.action_id).where(PublishedAction.round_id == round.id)
    found = set(db.session.scalars(chosen))
    if found or round.digest or round.approved_at:
        return found
    return {a.id for a, n in comments.items() if n > 1 and a.kind != "thanks"}


def _public_words(action: Any, round: Round) -> str:
    texts = action.public_note
    said = texts.get(g.language) or texts.get(round.survey.language) or next(iter(texts.values()), "")
    return wording.dated(said, action, g.language)


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
    reach = digests.reached(round)
    form = _form(round, reach, {})
    if not form.validate():
        return _page(round, reach, form), 422
    try:
        step = _write(round_id, form, approving=approving)
    except DomainError as refusal:
        form.form_errors.append(refusal.sentence)
        return _page(load(Round, round_id), reach, form), refusal.status
    if step:
        flash(
            _("This reaches many people. Look at the number and at three letters, then approve it once more.")
        )
        return look_at(step)
    flash(
        _("Approved. Everyone who gave only a score is told now.")
        if approving
        else _("Kept. Nobody is told before a manager approves it.")
    )
    return redirect(url_for("followup.round_page", round_id=round_id), 303)


def _write(round_id: int, form: DigestForm, *, approving: bool) -> int:
    """The id of the step that waits for a second look; 0 when none does."""
    publish = read_ids("publish") if "publishing" in request.form else None
    tells = read_ids("tells") if "telling" in request.form else None
    size = size_of_digest(load(Round, round_id), clock.now()) if approving else None
    words = form.words
    with writing():
        round, now = load(Round, round_id), clock.now()
        overruling.record(round, form.overruled, now)
        if not approving:
            digests.write(round, words, now, publish, tells)
            return 0
        taken = take_digest(round, words, access().staff_id, now, publish, tells, size=size)
        return taken.step.id if taken.step else 0
