"""A survey by a personal link: what came of the last answer, the questions, and one answer. No cookie, no script."""

from typing import NamedTuple

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core import clock, form_tokens, links
from core.access import public
from core.database.first_come import first_come
from core.db import db
from core.errors import Conflict
from core.public_pages import check_text, letterhead, speak
from followup.invitations.last_time import last_time
from followup.own_page.views_public import blueprint
from surveys.answering import Submission, by_nonce, closed_sentence
from surveys.asking import TOKEN, draw
from surveys.invitations.asking import InvitedForm
from surveys.invitations.invited import answer_invitation, over_since
from surveys.invitations.models import Invitation
from surveys.invitations.record import record_words
from surveys.models import Version
from surveys.models_responses import Response
from surveys.showing import rules_of_style
from surveys.versions import asked_in
from surveys.wording import linked_words


class Invited(NamedTuple):
    invitation: Invitation
    version: Version | None
    language: str


@blueprint.get("/i/<token>")
@public
def invited(token: str) -> ResponseReturnValue:
    """The questions; what a link in a mail says beforehand is chosen here, and sent by nobody but a person."""
    visit = _invited(token)
    if over := _over(visit):
        return over
    form = _form(visit)
    form.blank(request.args.to_dict(flat=False))
    return _page(visit, form)


@blueprint.post("/i/<token>")
@public
def invited_answer(token: str) -> ResponseReturnValue:
    """Take the answer once, and lead to the page of whoever gave it."""
    visit = _invited(token)
    if not visit.version:
        return _closed(visit)
    form = _form(visit)
    form.process(request.form)
    nonce = _nonce(visit, form)
    if earlier := visit.invitation.response or (nonce and by_nonce(visit.invitation.survey, nonce)):
        return _own_page(earlier)
    if over := _over(visit, form):
        return over
    if not (sound := _submission(form, nonce)):
        return _page(visit, form, refused=True), 422
    return _keep(visit, form, sound)


def _invited(token: str) -> Invited:
    """404 for any wrong address, for the one before a new one was made, and for who was erased."""
    id, version = links.read(token, "invitation")
    genuine = (Invitation.id == id) & (Invitation.link_version == version)
    query = select(Invitation).where(genuine, Invitation.identity_id.is_not(None))
    found = db.session.scalar(query.execution_options(populate_existing=True)) or abort(404)
    survey = found.survey
    language = speak(survey.organisation, survey.languages, found.language)
    return Invited(found, asked_in(survey), language)


def _form(visit: Invited) -> InvitedForm:
    identity = visit.invitation.identity
    if not visit.version or not identity:
        abort(404)
    address = "" if visit.invitation.survey.anonymous else identity.value
    return InvitedForm(visit.version, visit.language, address)


def _over(visit: Invited, form: InvitedForm | None = None) -> ResponseReturnValue | None:
    """Why it cannot be answered by this link, and how else to say it; to their own page where they have one."""
    invitation = visit.invitation
    if invitation.response:
        return _own_page(invitation.response)
    if not invitation.survey.is_open or not visit.version:
        return _closed(visit, form)
    sentence = over_since(invitation, clock.now())
    return _ended(visit, sentence, form) if sentence else None


def _own_page(response: Response) -> ResponseReturnValue:
    """The respondent's own page is the thank-you page."""
    return redirect(links.path("status", response.id, response.link_version), 303)


def _closed(visit: Invited, form: InvitedForm | None = None) -> ResponseReturnValue:
    return _ended(visit, closed_sentence(visit.invitation.survey), form)


def _ended(visit: Invited, sentence: str, form: InvitedForm | None) -> ResponseReturnValue:
    survey = visit.invitation.survey
    head = letterhead(survey.organisation, survey.languages, clock.now())
    page = render_template(
        "followup/public/link_over.html", sentence=sentence, typed=form.typed() if form else [], slug=survey.slug,
        used=visit.invitation.answered_on is not None, still_open=survey.is_open, **head,
    )  # fmt: skip
    return page, 410


def _purpose(visit: Invited) -> str:
    return f"invitation:{visit.invitation.id}"


def _nonce(visit: Invited, form: InvitedForm) -> str:
    """A page that was open for too long gets a new one, to be sent again."""
    return form_tokens.nonce_or_say(_purpose(visit), request.form.get(TOKEN, ""), form.form_errors)


def _submission(form: InvitedForm, nonce: str) -> Submission | None:
    check_text(form.form_errors)
    return form.submission(nonce)


def _keep(visit: Invited, form: InvitedForm, sound: Submission) -> ResponseReturnValue:
    """Whoever comes second with the same link finds what the first one wrote."""
    id = visit.invitation.id
    try:
        return _own_page(first_come(lambda: answer_invitation(id, sound, clock.now())))
    except Conflict:
        return _over(_invited(links.token("invitation", id, visit.invitation.link_version)), form) or abort(
            409
        )


def _page(visit: Invited, form: InvitedForm, *, refused: bool = False) -> str:
    survey, now = visit.invitation.survey, clock.now()
    identity = visit.invitation.identity
    head = letterhead(survey.organisation, survey.languages, now)
    return render_template(
        "followup/public/invited.html", title=survey.title_in(visit.language),
        reply_words=linked_words(survey), record=record_words(survey, now), last=last_time(identity, now) if identity else None,
        slug=survey.slug, action=request.full_path.rstrip("?"), token=form_tokens.issue(_purpose(visit)),
        hides=rules_of_style(form.version), questions=draw(form), errors_in=form if refused else None, **head,
    )  # fmt: skip
