"""Whoever answered changes it until the survey closes, and takes a copy along: of this one answer, as its link says."""

from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from flask import Response as Answer
from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from core import clock, form_tokens, links
from core.access import public
from core.db import writing
from core.errors import Conflict
from core.public_pages import check_text, letterhead, ours_and, speak
from followup.own_page.changing import change
from followup.own_page.copying import as_json, as_text
from followup.own_page.views_public import blueprint, own_response
from surveys.answering import closed_sentence
from surveys.asking import TOKEN, AnswerForm, draw
from surveys.changing import NOT_ASKED, differs, may_change
from surveys.models import Version
from surveys.models_responses import Response
from surveys.said import newest
from surveys.showing import Given, rules_of_style
from surveys.versions import part_of, seen_by


class Theirs(NamedTuple):
    """An answer, and the questions of it that can be answered anew."""

    response: Response
    version: Version
    form: AnswerForm


@blueprint.get("/f/<token>/answer")
@public
def change_page(token: str) -> ResponseReturnValue:
    """What they said, in the form in which they said it."""
    theirs = _theirs(token)
    return _page(theirs) if may_change(theirs.response) else _too_late(theirs)


@blueprint.post("/f/<token>/answer")
@public
def change_answer(token: str) -> ResponseReturnValue:
    """Each answer that differs becomes a new version; sent twice, the second changes nothing."""
    theirs = _theirs(token)
    theirs.form.process(request.form)
    given = _given(theirs)
    if not may_change(theirs.response):
        return _too_late(theirs, typed=True)
    if given is not None and not differs(theirs.response, theirs.version, given):
        return _changed(theirs)
    if given is not None and _is_of_now(theirs) and _keep(token, theirs, given):
        return _changed(theirs)
    return _page(theirs, sent=True), 422


def _changed(theirs: Theirs) -> ResponseReturnValue:
    """Where it stands, with a sentence that says so: without a cookie, the address carries that."""
    return redirect(f"{_own_page(theirs.response)}?changed=1", 303)


@blueprint.get("/f/<token>/copy.txt")
@public
def copy_as_text(token: str) -> Answer:
    """In the language in which they answered."""
    return _file(token, as_text, "text/plain", "txt")


@blueprint.get("/f/<token>/copy.json")
@public
def copy_as_json(token: str) -> Answer:
    """Every version, for a program of theirs."""
    return _file(token, as_json, "application/json", "json")


def _file(token: str, made: Callable[[Response], str], mimetype: str, kind: str) -> Answer:
    response = own_response(token)
    speak(response.survey.organisation, ours_and(response.language), response.language)
    answer = make_response(made(response))
    answer.mimetype = mimetype
    name = f"{response.survey.slug}-{response.submitted_at:%Y-%m-%d}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _theirs(token: str) -> Theirs:
    response = own_response(token)
    language = speak(response.survey.organisation, ours_and(response.language), response.language)
    whole = seen_by(response)
    version = part_of(whole, [q for q in whole.questions if q.kind not in NOT_ASKED])
    return Theirs(response, version, AnswerForm(version, language).filled(newest(response)))


def _given(theirs: Theirs) -> dict[str, Given] | None:
    """None when something is not right, each with a sentence beside it."""
    check_text(theirs.form.form_errors)
    sent = theirs.form.submission("")
    return dict(sent.answers) if sent else None


def _is_of_now(theirs: Theirs) -> bool:
    """Of a page that shows what holds now: an old one, gone back to, undoes nothing by accident."""
    sentence = _(
        "This page does not show your answer as it is now. Your words are still here: please send them again."
    )
    token, on_top = request.form.get(TOKEN, ""), theirs.form.form_errors
    return bool(form_tokens.nonce_or_say(_purpose(theirs.response), token, on_top, sentence))


def _keep(token: str, theirs: Theirs, given: dict[str, Given]) -> bool:
    """False when they changed it on another page at the same moment, or the survey closed."""
    with suppress(IntegrityError, Conflict):
        with writing():
            change(own_response(token), theirs.version, given, clock.now())
        return True
    theirs.form.form_errors.append(
        _(
            "Your answer changed on another page at the same moment. Your words are still here: please send them again."
        )
    )
    return False


def _purpose(response: Response) -> str:
    return f"change:{response.id}:{max((a.id for a in response.answers), default=0)}"


def _own_page(response: Response) -> str:
    return links.path("status", response.id, response.link_version)


def _page(theirs: Theirs, *, sent: bool = False) -> str:
    response, version, form = theirs
    head = letterhead(response.survey.organisation, ours_and(response.language), clock.now())
    return render_template(
        "followup/public/change.html", questions=draw(form, _("Keep this")), errors_in=form if sent else None,
        token=form_tokens.issue(_purpose(response)), action=request.full_path.rstrip("?"), hides=rules_of_style(version),
        back=_own_page(response), answered_at=response.corrected_at or response.submitted_at, **head,
    )  # fmt: skip


def _too_late(theirs: Theirs, *, typed: bool = False) -> ResponseReturnValue:
    survey = theirs.response.survey
    sentence = _("This answer came from elsewhere.") if survey.is_open else closed_sentence(survey)
    page = render_template(
        "followup/public/too_late.html", sentence=sentence, typed=theirs.form.typed() if typed else [],
        back=_own_page(theirs.response), **letterhead(survey.organisation, ours_and(theirs.response.language), clock.now()),
    )  # fmt: skip
    return page, 410
