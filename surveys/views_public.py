"""Where customers answer: a page with a form, on any device, without a script and without a cookie."""

from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError

from core import clock, form_tokens, links
from core.access import public
from core.db import writing
from core.errors import Conflict, DomainError
from core.public_pages import bound_form, is_text, letterhead, speak
from surveys import queries
from surveys.answering import Submission, by_nonce, closed_sentence, submit
from surveys.asking import TOKEN, AnswerForm, draw, purpose, untouched
from surveys.models import Response, Survey, Version
from surveys.pace import init_pace, is_suspect, refuse_a_rush
from surveys.record import record_words
from surveys.showing import rules_of_style
from surveys.stepping import first
from surveys.versions import asked_in

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
    visit = visit_of(slug)
    version = asked_in(visit.survey)
    if not visit.survey.is_open or not version:
        return closed(visit)
    said = request.args.to_dict(flat=False)
    if visit.survey.one_by_one and not in_a_frame():
        return page(visit, version, first(AnswerForm(version, visit.language).blank(said)))
    drawn = untouched(version, visit.language, said)
    return page(visit, version, drawn or draw(AnswerForm(version, visit.language).blank(said)))


@blueprint.post("/s/<slug>")
@public
def answer(slug: str) -> ResponseReturnValue:
    """Take the answer once and lead to the page of whoever gave it; or say what is not right, with all that was typed."""
    visit = visit_of(slug)
    version = asked_in(visit.survey)
    if not version:
        return closed(visit)
    form = AnswerForm(version, visit.language)
    form.process(request.form)
    return _take(visit, form)


def visit_of(slug: str) -> Visit:
    found = _survey(slug)
    return Visit(found, speak(found.organisation, found.languages))


def _survey(slug: str) -> Survey:
    """As it stands now: whoever holds it already sees it change."""
    return queries.by_slug(slug) or abort(404, _("There is no survey at this address."))


def _nonce(visit: Visit, form: AnswerForm) -> str:
    """What makes this page count once; a page that was open for too long gets a new one, to be sent again."""
    try:
        return form_tokens.nonce(purpose(visit.survey), request.form.get(TOKEN, ""))
    except DomainError as error:
        form.form_errors.append(error.sentence)
        return ""


def _take(visit: Visit, form: AnswerForm) -> ResponseReturnValue:
    """A page that was sent before leads where it led then, whatever it says now."""
    nonce = _nonce(visit, form)
    if visit.survey.is_open and (submission := _submission(form, nonce)):
        with suppress(Conflict):
            return redirect(_keep(visit.survey.slug, submission), 303)
    earlier = by_nonce(visit.survey, nonce) if nonce else None
    if earlier:
        return redirect(own_page(earlier), 303)
    if not visit.survey.is_open:
        return closed(visit, form)
    return page(visit, form.version, draw(form), form), 422


def _submission(form: AnswerForm, nonce: str) -> Submission | None:
    if not is_text():
        form.form_errors.append(_("This text holds a character that cannot be kept. Please leave it out."))
    sound = form.submission(nonce)
    return replace(sound, suspect=is_suspect()) if sound else None


def _keep(slug: str, submission: Submission) -> str:
    """Whoever comes second with the same page, address or round finds what the first one wrote."""
    for _attempt in range(TRIES - 1):
        with suppress(IntegrityError), writing():
            return own_page(submit(_survey(slug), submission, clock.now()))
    with writing():
        return own_page(submit(_survey(slug), submission, clock.now()))


def own_page(response: Response) -> str:
    """The respondent's own page is the thank-you page."""
    return links.path("status", response.id, response.link_version)


def page(visit: Visit, version: Version, questions: Markup, form: AnswerForm | None = None) -> str:
    """The questions as they were drawn; with the `form` that could not be taken, what is not right about it."""
    survey, language = visit
    later = later_path(survey)
    words = {
        "title": survey.title.get(language) or survey.title[survey.language],
        "reply_words": reply_words(survey),
        "action": later if survey.one_by_one and not in_a_frame() else request.full_path.rstrip("?"),
        "keep": "" if survey.one_by_one or in_a_frame() else later,
        "token": form_tokens.issue(purpose(survey)),
        "slug": survey.slug,
        "hides": rules_of_style(version),
        "record": record_words(survey, clock.now()),
    }
    head = letterhead(survey.organisation, survey.languages, clock.now())
    return render_template("surveys/public/survey.html", questions=questions, errors_in=form, **words, **head)


def in_a_frame() -> bool:
    """On a page of somebody else all of it stands on one page, and is sent at once."""
    return request.args.get("embed") == "1"


def later_path(survey: Survey) -> str:
    """Where a page is sent that is to be gone on with; what the address says beforehand goes along."""
    query = request.query_string.decode("ascii", "ignore")
    return f"/s/{survey.slug}/unfinished" + (f"?{query}" if query else "")


def reply_words(survey: Survey) -> str:
    """What anybody who answers may expect."""
    if survey.reply_hours:
        within = ngettext("within an hour", "within %(num)d hours", survey.reply_hours)
    else:
        within = ngettext(
            "within a working day", "within %(num)d working days", survey.reply_working_days or 1
        )
    said = _("A person reads what you write. You hear what was done with it %(within)s.", within=within)
    return f"{said} {_unknown()}" if survey.anonymous else said


def _unknown() -> str:
    return _("Nobody knows who you are: the answer stands on a page whose address only you get.")


def closed(visit: Visit, form: AnswerForm | None = None) -> ResponseReturnValue:
    """Since when, how to reach someone, and the words that could not be taken."""
    head = letterhead(visit.survey.organisation, visit.survey.languages, clock.now())
    sentence, typed = closed_sentence(visit.survey), form.typed() if form else []
    page = render_template(
        "surveys/public/closed.html", sentence=sentence, typed=typed, slug=visit.survey.slug, **head
    )
    return page, 410 if visit.survey.closed_at else 404
