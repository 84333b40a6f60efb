"""Where customers answer: a page with a form, on any device, without a script and without a cookie."""

from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError

from core import clock, form_tokens, links
from core.access import public
from core.db import writing
from core.errors import Conflict, DomainError
from core.public_pages import bound_form, is_text, letterhead, speak
from surveys import queries
from surveys.answering import Submission, by_nonce, closed_sentence, submit
from surveys.asking import TOKEN, AnswerForm, purpose
from surveys.building import published
from surveys.models import Response, Survey
from surveys.pace import init_pace, is_suspect, refuse_a_rush
from surveys.record import record_words

blueprint = Blueprint("surveys_public", __name__)
blueprint.record_once(lambda setup: init_pace(setup.app))
blueprint.before_request(refuse_a_rush)
blueprint.before_request(bound_form)

TRIES = 5


class Visit(NamedTuple):
    survey: Survey
    language: str


@blueprint.get("/s/<slug>")
@public
def survey(slug: str) -> ResponseReturnValue:
    """The questions; an address may preselect answers, which sends nothing."""
    visit = _visit(slug)
    version = published(visit.survey)
    if not visit.survey.is_open or not version:
        return _closed(visit)
    return _page(visit, AnswerForm(version, visit.language).blank(request.args))


@blueprint.post("/s/<slug>")
@public
def answer(slug: str) -> ResponseReturnValue:
    """Take the answer once and lead to the page of whoever gave it; or say what is not right, with all that was typed."""
    visit = _visit(slug)
    version = published(visit.survey)
    if not version:
        return _closed(visit)
    form = AnswerForm(version, visit.language)
    form.process(request.form)
    nonce = _nonce(visit, form)
    earlier = by_nonce(visit.survey, nonce) if nonce else None
    return _own_page(earlier) if earlier else _take(visit, form, nonce)


def _visit(slug: str) -> Visit:
    found = queries.by_slug(slug)
    if not found:
        abort(404, _("There is no survey at this address."))
    return Visit(found, speak(found.organisation, found.languages))


def _nonce(visit: Visit, form: AnswerForm) -> str:
    """What makes this page count once; a page that was open for too long gets a new one, to be sent again."""
    try:
        return form_tokens.nonce(purpose(visit.survey), form[TOKEN].data or "")
    except DomainError as error:
        form.form_errors.append(error.sentence)
        form.renew_token()
        return ""


def _take(visit: Visit, form: AnswerForm, nonce: str) -> ResponseReturnValue:
    if not visit.survey.is_open:
        return _closed(visit, form)
    if not is_text():
        form.form_errors.append(_("This text holds a character that cannot be kept. Please leave it out."))
    submission = form.submission(nonce)
    if not submission:
        return _page(visit, form), 422
    try:
        return _own_page(_keep(visit.survey, replace(submission, suspect=is_suspect())))
    except Conflict:
        return _closed(visit, form)


def _keep(survey: Survey, submission: Submission) -> Response:
    """Whoever comes second with the same page, address or round finds what the first one wrote."""
    for _attempt in range(TRIES - 1):
        with suppress(IntegrityError), writing():
            return submit(survey, submission, clock.now())
    with writing():
        return submit(survey, submission, clock.now())


def _own_page(response: Response) -> ResponseReturnValue:
    """The respondent's own page is the thank-you page."""
    return redirect(links.path("status", response.id, response.link_version), 303)


def _page(visit: Visit, form: AnswerForm) -> str:
    survey, language = visit
    head = letterhead(survey.organisation, survey.languages, clock.now())
    words = {
        "title": survey.title.get(language) or survey.title[survey.language],
        "reply_words": reply_words(survey),
        "slug": survey.slug,
        "record": record_words(survey, clock.now()),
    }
    return render_template(
        "surveys/public/survey.html", form=form, action=request.full_path.rstrip("?"), **words, **head
    )


def reply_words(survey: Survey) -> str:
    """What anybody who answers may expect."""
    if survey.reply_hours:
        within = ngettext("within an hour", "within %(num)d hours", survey.reply_hours)
    else:
        within = ngettext(
            "within a working day", "within %(num)d working days", survey.reply_working_days or 1
        )
    return _("A person reads what you write. You hear what was done with it %(within)s.", within=within)


def _closed(visit: Visit, form: AnswerForm | None = None) -> ResponseReturnValue:
    """Since when, how to reach someone, and the words that could not be taken."""
    head = letterhead(visit.survey.organisation, visit.survey.languages, clock.now())
    sentence, typed = closed_sentence(visit.survey), form.typed() if form else []
    page = render_template(
        "surveys/public/closed.html", sentence=sentence, typed=typed, slug=visit.survey.slug, **head
    )
    return page, 410 if visit.survey.closed_at else 404
