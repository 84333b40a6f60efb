"""An answer that goes on later, by one link and on any device; and surveys that ask one question a page.

What was typed lives in a row, never in a cookie or a script: each button sends it, also Back and Go on later.
"""

from contextlib import suppress
from dataclasses import replace

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, form_tokens, links
from core.access import public
from core.database.first_come import first_come
from core.db import db, writing
from core.errors import Conflict
from core.public_pages import is_text, speak
from core.text import not_kept
from surveys.answering import Submission, by_nonce, submit
from surveys.asking import TOKEN, TRAP, AnswerForm, draw, purpose
from surveys.kinds import KINDS
from surveys.models import Version
from surveys.pace import is_suspect
from surveys.partial import unfinished
from surveys.partial.models import Unfinished
from surveys.partial.pages import Under, closed_with, found_wrong, is_last, page_of, purpose_of, with_sentence
from surveys.partial.unfinished import Parts
from surveys.stepping import filled, first, first_wrong, left_at, step
from surveys.versions import asked_in
from surveys.views_public import LANGUAGE, Visit, blueprint, closed, own_page, page, visit_of

UNJUDGED = {"keep", LANGUAGE}
OURS = (TOKEN, TRAP, "go", "at")
"""Parts of a form that are nobody's answer."""


@blueprint.post("/s/<slug>/unfinished")
@public
def begin(slug: str) -> ResponseReturnValue:
    """From the first page: keep what stands on it, under a link of its own."""
    here = visit_of(slug)
    version = asked_in(here.survey)
    if not version:
        return closed(here)
    parts = [*_said(here, version), *_typed()]
    form = filled(version, here.language, parts)
    if not here.survey.is_open:
        return closed(here, form)
    nonce = _nonce(here, form)
    if not nonce:
        return page(here, version, first(form) if here.survey.one_by_one else draw(form), form), 422
    if earlier := by_nonce(here.survey, nonce):
        return redirect(own_page(earlier), 303)
    return _begun(_begin(slug, nonce, here.language, parts))


def _nonce(here: Visit, form: AnswerForm) -> str:
    """What makes the first page count once; empty, with a sentence, for what cannot be kept."""
    if sentence := _not_kept():
        form.form_errors.append(sentence)
        return ""
    return form_tokens.nonce_or_say(purpose(here.survey), request.form.get(TOKEN, ""), form.form_errors)


def _begin(slug: str, nonce: str, language: str, parts: Parts) -> str:
    """The link to go on by; pressed twice at the same moment, the second finds what the first one began."""

    def begun() -> str:
        row = unfinished.begin(visit_of(slug).survey, nonce, language, parts, clock.now())
        return links.token("unfinished", row.id, row.link_version)

    return first_come(begun)


def _begun(token: str) -> ResponseReturnValue:
    under = _under(token)
    go = _go(under, 1)
    wrong = found_wrong(under, 1) if go not in UNJUDGED else None
    if wrong:
        return page_of(under, 1, wrong), 422
    return _send(token) if go == "send" else redirect(f"/r/{token}{_after(go, 1)}", 303)


@blueprint.get("/r/<token>")
@public
def resume(token: str) -> ResponseReturnValue:
    """Where they left it; `?at=` is the number of a question. What was sent leads to its own page."""
    under = _under(token)
    if under.row.response:
        return redirect(own_page(under.row.response), 303)
    if not under.survey.is_open:
        return closed_with(under)
    left = left_at(under.version, under.language, under.parts)
    return page_of(under, request.args.get("at", left, int))


@blueprint.post("/r/<token>")
@public
def go_on(token: str) -> ResponseReturnValue:
    """`go` is next, back, keep or send; `at` the number of the question that was typed in."""
    under, at = _under(token), request.form.get("at", 1, int)
    if under.row.response:
        return redirect(own_page(under.row.response), 303)
    under = under._replace(parts=_merged(under, at))
    if not under.survey.is_open:
        return closed_with(under)
    if refused := _refused(under):
        return page_of(under, at, with_sentence(under, at, refused)), 422
    _keep(under)
    return _on(token, at)


def _on(token: str, at: int) -> ResponseReturnValue:
    under = _under(token)
    go = _go(under, at)
    wrong = found_wrong(under, at) if go == "next" else None
    if wrong:
        return page_of(under, at, wrong), 422
    return _send(token) if go == "send" else redirect(f"/r/{token}{_after(go, at)}", 303)


def _send(token: str) -> ResponseReturnValue:
    under = _under(token)
    form = filled(under.version, under.language, under.parts)
    sent = form.submission(under.row.nonce)
    if not sent:
        at = first_wrong(under.version, form, under.parts)
        return page_of(under, at, form), 422
    with suppress(Conflict):
        submission = replace(sent, suspect=is_suspect())
        return redirect(first_come(lambda: _submit(token, submission)), 303)
    return closed_with(_under(token))


def _submit(token: str, submission: Submission) -> str:
    """Whoever comes second finds what the first one sent."""
    row = _row(token)
    response = submit(row.survey, submission, clock.now())
    unfinished.sent(row, response)
    return own_page(response)


def _keep(under: Under) -> None:
    with writing():
        row = db.session.get_one(Unfinished, under.row.id)
        if not row.response_id:
            unfinished.keep(row, under.language, under.parts, clock.now())


def _row(token: str) -> Unfinished:
    """404 for what is not ours, and for what was forgotten since, with what to do."""
    id, version = links.read(token, "unfinished")
    found = select(Unfinished).where(Unfinished.id == id, Unfinished.link_version == version)
    return db.session.scalar(found) or abort(404, _gone())


def _gone() -> str:
    return _("What was begun here is not kept any more: nobody went on with it in time. You can begin anew.")


def _under(token: str) -> Under:
    row = _row(token)
    language = speak(row.survey.organisation, row.survey.languages, row.language)
    version = asked_in(row.survey) or abort(404)
    return Under(row, version, language, [(name, value) for name, value in row.fields])


def _typed() -> Parts:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in OURS]


def _said(here: Visit, version: Version) -> Parts:
    """What the address says of questions that do not stand on the first page."""
    on_it = {q.key for q in step(version, here.language, [], 1).part.questions}
    rest = [q for q in version.questions if q.key not in on_it] if here.survey.one_by_one else []
    return [(q.key, v) for q in rest for v in request.args.getlist(q.key) if KINDS[q.kind].said(q, [v])]


def _merged(under: Under, at: int) -> Parts:
    """All of it stood on that page, or one question of it: as it was drawn, whatever the survey is set to since."""
    if "at" not in request.form:
        return _typed()
    shown = step(under.version, under.language, under.parts, at)
    return unfinished.merged(under.parts, shown.part, _typed())


def _refused(under: Under) -> str:
    """Why nothing of this page is kept: a sentence, or nothing."""
    said: list[str] = []
    form_tokens.nonce_or_say(purpose_of(under.row), request.form.get(TOKEN, ""), said)
    return said[0] if said else _not_kept()


def _not_kept() -> str:
    """Why what was sent cannot be kept at all; empty for what can."""
    if request.form.get(TRAP):
        return _("This is a trap for machines. Empty it, and send again.")
    return "" if is_text() else not_kept()


def _go(under: Under, at: int) -> str:
    """Which button was pressed; Enter presses the one that goes on, or that sends where no question comes after."""
    return request.form.get("go") or ("send" if is_last(under, at) else "next")


def _after(go: str, at: int) -> str:
    """Which question comes next; the one that stands there where they go on later, or in another language."""
    if go in UNJUDGED:
        return f"?{'kept=1&' if go == 'keep' else ''}at={at}"
    return f"?at={max(1, at - 1) if go == 'back' else at + 1}"
