"""Where customers answer: a page with a form, on any device, without a script and without a cookie."""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from core import clock, form_tokens, links
from core.access import public
from core.database.first_come import first_come
from core.errors import Conflict
from core.for_all import for_all
from core.public_pages import PARTS_LIMIT, bound_form, bound_parts, check_text, letterhead, speak
from surveys import met
from surveys.answering import Submission, by_nonce, closed_sentence, take
from surveys.asking import TOKEN, VERSION, AnswerForm, draw, purpose, untouched
from surveys.builder.soundness import MOST_PARTS, parts_of
from surveys.invitations.record import record_words
from surveys.models import Survey, Version
from surveys.models_responses import Response
from surveys.pace import init_pace, is_suspect, refuse_a_rush
from surveys.settings.embedding import is_embedded, let_in
from surveys.showing import rules_of_style
from surveys.stepping import first
from surveys.versions import asked_in
from surveys.wording import reply_words

blueprint = Blueprint("surveys_public", __name__)
blueprint.record_once(lambda setup: init_pace(setup.app))
blueprint.before_request(refuse_a_rush)
blueprint.before_request(partial(bound_form, MOST_PARTS))

TYPED_IN, LANGUAGE = "answer", "language"
"""The form of the page, and what its buttons send that lead to the same page in another language."""
LONG = 6
SHORT = 64


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
    token = form_tokens.issue(purpose(visit.survey))
    if not _is_anybody():
        return _first_page(visit, version, token)
    looks = visit, request.query_string, clock.now().replace(second=0, microsecond=0)
    return for_all(looks, token, lambda mark: _first_page(visit, version, mark))


@blueprint.post("/s/<slug>")
@public
def answer(slug: str) -> ResponseReturnValue:
    """Take the answer once and lead to the page of whoever gave it; or say what is not right, with all that was typed."""
    visit = visit_of(slug)
    version = asked_in(visit.survey, seen())
    if not version:
        return closed(visit)
    bound_parts(max(PARTS_LIMIT, parts_of(version.questions)))
    form = AnswerForm(version, visit.language)
    form.process(request.form)
    if request.form.get("go") == LANGUAGE and visit.survey.is_open:
        return page(visit, version, _as_typed(visit, form))
    return _take(visit, form)


def _as_typed(visit: Visit, form: AnswerForm) -> Markup:
    """Nothing is judged yet: whoever chooses another language half-way finds there what they typed."""
    return first(form) if in_steps(visit.survey) else draw(form)


def visit_of(slug: str) -> Visit:
    found = _survey(slug)
    let_in(found)
    return Visit(found, speak(found.organisation, found.languages))


def _survey(slug: str) -> Survey:
    """As it stands now."""
    return met.by_slug(slug) or abort(404, _("There is no survey at this address."))


def _nonce(visit: Visit, form: AnswerForm) -> str:
    """What makes this page count once; a page that was open for too long gets a new one, to be sent again."""
    return form_tokens.nonce_or_say(purpose(visit.survey), request.form.get(TOKEN, ""), form.form_errors)


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
    check_text(form.form_errors)
    sound = form.submission(nonce)
    return replace(sound, suspect=is_suspect(), seen=form.version.number) if sound else None


def seen() -> int | None:
    """Which version of the questions somebody had before them when a newer one was published."""
    said = request.form.get(VERSION, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < LONG else None


def _keep(slug: str, submission: Submission) -> str:
    """Whoever comes second with the same page, address or round finds what the first one wrote."""
    return first_come(lambda: own_page(take(_survey(slug), submission, clock.now())))


def own_page(response: Response) -> str:
    """The respondent's own page is the thank-you page; in a frame of another site, there is a link to it."""
    token = links.token("status", response.id, response.link_version)
    framed = f"/s/{response.survey.slug}/answered?embed=1&in={response.language}&own={token}"
    return framed if is_embedded() else links.PATHS["status"] + token


def _is_anybody() -> bool:
    """A page with a short address, for somebody without a cookie: many get the same one."""
    return "HTTP_COOKIE" not in request.environ and len(request.query_string) < SHORT


def _first_page(visit: Visit, version: Version, token: str) -> str:
    """Of all that it looks at nothing but the address, the survey as it was met, the language and the minute changes."""
    said = request.args.to_dict(flat=False)
    if in_steps(visit.survey):
        return _drawn(visit, version, first(AnswerForm(version, visit.language).blank(said)), token)
    drawn = untouched(version, visit.language, said)
    return _drawn(visit, version, drawn or draw(AnswerForm(version, visit.language).blank(said)), token)


def page(visit: Visit, version: Version, questions: Markup, form: AnswerForm | None = None) -> str:
    """The questions as they were drawn, and what is not right about the `form` that could not be taken."""
    return _drawn(visit, version, questions, form_tokens.issue(purpose(visit.survey)), form)


def _drawn(
    visit: Visit, version: Version, questions: Markup, token: str, form: AnswerForm | None = None
) -> str:
    survey, language = visit
    later = later_path(survey)
    return render_template(
        "surveys/public/survey.html",
        title=survey.title_in(language),
        reply_words=reply_words(survey),
        action=later if in_steps(survey) else request.full_path.rstrip("?"),
        keep="" if in_steps(survey) or is_embedded() else later,
        version=version.number,
        slug=survey.slug,
        hides=rules_of_style(version),
        record=record_words(survey, clock.now()),
        questions=questions,
        token=token,
        errors_in=form,
        typed_in=TYPED_IN,
        **letterhead(survey.organisation, survey.languages, clock.now()),
    )


def in_steps(survey: Survey) -> bool:
    """One question a page; in a frame of another site all of them, since a link to go on by leads out of it."""
    return survey.one_by_one and not is_embedded()


def later_path(survey: Survey) -> str:
    """Where a page is sent that is to be gone on with; what the address says beforehand goes along."""
    query = request.query_string.decode("ascii", "ignore")
    return f"/s/{survey.slug}/unfinished" + (f"?{query}" if query else "")


def closed(visit: Visit, form: AnswerForm | None = None) -> ResponseReturnValue:
    """Since when, how to reach someone, and the words that could not be taken."""
    head = letterhead(visit.survey.organisation, visit.survey.languages, clock.now())
    sentence, typed = closed_sentence(visit.survey), form.typed() if form else []
    page = render_template(
        "surveys/public/closed.html", sentence=sentence, typed=typed, slug=visit.survey.slug, **head
    )
    return page, 410 if visit.survey.closed_at else 404
