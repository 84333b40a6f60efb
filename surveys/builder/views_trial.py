"""Where colleagues try a survey out, also before it is open: what they answer is marked as a test, and counts nowhere."""

from contextlib import suppress
from dataclasses import replace

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import clock, form_tokens, links
from core.access import public
from core.db import db, writing
from core.public_pages import check_text, letterhead, speak
from surveys import queries
from surveys.answering import Submission, submit
from surveys.asking import TOKEN, AnswerForm, draw
from surveys.models import Survey
from surveys.models_responses import Response
from surveys.showing import rules_of_style
from surveys.views_public import Visit, blueprint
from surveys.wording import reply_words

LONG = 10


@blueprint.get("/t/<token>")
@public
def trial(token: str) -> ResponseReturnValue:
    """The newest questions as customers will see them; after a test, what came in. Whoever has the link may try; it opens nothing else."""
    visit = _visit(token)
    said, version = request.args.to_dict(flat=False), visit.survey.versions[-1]
    return _page(visit, AnswerForm(version, visit.language).blank(said), _tested(visit.survey))


@blueprint.post("/t/<token>")
@public
def try_out(token: str) -> ResponseReturnValue:
    """Kept as a test, once."""
    visit = _visit(token)
    form = AnswerForm(visit.survey.versions[-1], visit.language)
    form.process(request.form)
    submission = _submission(visit, form)
    if not submission:
        return _page(visit, form, None, failed=True), 422
    id = _keep(token, replace(submission, test=True))
    return redirect(f"{links.path('trial', visit.survey.id)}?done={id}&lang={visit.language}", 303)


def _keep(token: str, submission: Submission) -> int:
    """Sent twice at the same moment, the second finds what the first one wrote."""
    with suppress(IntegrityError), writing():
        return submit(_visit(token).survey, submission, clock.now()).id
    with writing():
        return submit(_visit(token).survey, submission, clock.now()).id


def _visit(token: str) -> Visit:
    id, version = links.read(token, "trial")
    survey = db.session.get(Survey, id) if version == 1 else None
    return Visit(survey, speak(survey.organisation, survey.languages)) if survey else abort(404)


def _submission(visit: Visit, form: AnswerForm) -> Submission | None:
    check_text(form.form_errors)
    nonce = form_tokens.nonce_or_say(_purpose(visit.survey), request.form.get(TOKEN, ""), form.form_errors)
    return form.submission(nonce)


def _purpose(survey: Survey) -> str:
    return f"trial:{survey.id}"


def _tested(survey: Survey) -> Response | None:
    """The test that was sent in just now."""
    said = request.args.get("done", "")
    id = int(said) if said.isascii() and said.isdigit() and len(said) < LONG else 0
    mine = (Response.id == id) & (Response.survey_id == survey.id) & Response.is_test
    return db.session.scalar(select(Response).where(mine))


def _page(visit: Visit, form: AnswerForm, tested: Response | None, *, failed: bool = False) -> str:
    survey, language = visit
    words = {
        "title": survey.title_in(language),
        "reply_words": reply_words(survey),
        "action": f"{links.path('trial', survey.id)}?lang={language}",
        "token": form_tokens.issue(_purpose(survey)),
        "version": form.version.number,
        "slug": survey.slug,
        "hides": rules_of_style(form.version),
        "record": "",
        "keep": "",
        "received": [(a.question.prompt, queries.answer_words(a, language)) for a in tested.answers]
        if tested
        else [],
    }
    head = letterhead(survey.organisation, survey.languages, clock.now())
    return render_template(
        "surveys/public/trial.html",
        questions=draw(form),
        errors_in=form if failed else None,
        own=survey.language,
        **words,
        **head,
    )
