"""What a tablet on a counter shows: the questions, a word of thanks, and the questions again for the next person."""

from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple

import segno
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, form_tokens, links
from core.access import public
from core.database.first_come import first_come
from core.db import db
from core.errors import Conflict
from core.public_pages import PARTS_LIMIT, bound_parts, check_text, letterhead, speak
from surveys.answering import Submission, by_nonce, closed_sentence, submit
from surveys.asking import TOKEN, draw
from surveys.builder.soundness import parts_of
from surveys.kiosk import kiosks
from surveys.kiosk.asking import KioskForm, on_a_tablet
from surveys.kiosk.models import Kiosk
from surveys.models import Survey
from surveys.pace import is_suspect_tablet
from surveys.showing import rules_of_style
from surveys.views_public import blueprint, seen
from surveys.wording import reply_words


class Stand(NamedTuple):
    kiosk: Kiosk
    language: str
    token: str

    @property
    def survey(self) -> Survey:
        return self.kiosk.survey

    @property
    def start(self) -> str:
        return url_for("surveys_public.kiosk", token=self.token)


@blueprint.get("/k/<token>")
@public
def kiosk(token: str) -> ResponseReturnValue:
    """The questions with nothing in them, whoever stood there before."""
    stand = _stand(token)
    version = on_a_tablet(stand.survey)
    if not version or _over(stand.kiosk):
        return _ended(stand)
    return _page(stand, KioskForm(version, stand.language).first_shown())


@blueprint.post("/k/<token>")
@public
def kiosk_answer(token: str) -> ResponseReturnValue:
    """Take it once; or say what is not right, with all that was typed."""
    stand = _stand(token)
    version = on_a_tablet(stand.survey, seen())
    if not version:
        return _ended(stand)
    bound_parts(max(PARTS_LIMIT, parts_of(version.questions)))
    form = KioskForm(version, stand.language)
    form.process(request.form)
    nonce = form_tokens.nonce_or_say(_purpose(stand), request.form.get(TOKEN, ""), form.form_errors)
    if said := _said(stand, form, nonce):
        with suppress(Conflict):
            return _thank(stand, _keep(stand.kiosk.id, said))
    if earlier := by_nonce(stand.survey, nonce) if nonce else None:
        return _thank(stand, kiosks.thanks_token(earlier))
    return _ended(stand, form) if _over(stand.kiosk) else (_page(stand, form, failed=True), 422)


@blueprint.get("/k/<token>/thanks")
@public
def kiosk_thanks(token: str) -> ResponseReturnValue:
    """For a minute; then whoever comes back to it is at the beginning."""
    stand, now = _stand(token), clock.now()
    given = kiosks.thanked(stand.kiosk, request.args.get("for", ""), now)
    if not given:
        return redirect(stand.start, 303)
    own = given.channel == "page" and not given.declined_at
    return render_template(
        "surveys/public/kiosk_thanks.html",
        promised="" if given.declined_at else reply_words(stand.survey),
        code=_code(links.url("status", given.id, given.link_version)) if own else "",
        **{**_frame(stand, now), "languages": ()},
    )


def _stand(token: str) -> Stand:
    id, version = links.read(token, "kiosk")
    found = db.session.get(Kiosk, id) if version == 1 else None
    if not found:
        abort(404)
    return Stand(found, speak(found.survey.organisation, found.survey.languages), token)


def _over(found: Kiosk) -> str:
    """Why nobody can answer here; empty while they can."""
    if found.ended_at:
        return _("This tablet is no longer in use.")
    return "" if found.survey.is_open else closed_sentence(found.survey)


def _ended(stand: Stand, form: KioskForm | None = None) -> ResponseReturnValue:
    """With the words that could not be taken, as long as somebody is there."""
    sentence = _over(stand.kiosk) or closed_sentence(stand.survey)
    typed, frame = form.typed() if form else [], _frame(stand, clock.now())
    return render_template("surveys/public/kiosk_ended.html", sentence=sentence, typed=typed, **frame), 410


def _said(stand: Stand, form: KioskForm, nonce: str) -> Submission | None:
    check_text(form.form_errors)
    sound = form.submission(nonce)
    return replace(sound, suspect=is_suspect_tablet(stand.kiosk.id)) if sound else None


def _keep(kiosk_id: int, said: Submission) -> str:
    """Pressed twice at the same moment, the second finds what the first one wrote."""
    return first_come(lambda: kiosks.thanks_token(submit(_again(kiosk_id), said, clock.now())))


def _again(kiosk_id: int) -> Survey:
    """As it stands inside the transaction: a link that was ended meanwhile takes nothing."""
    found = db.session.get_one(Kiosk, kiosk_id)
    if sentence := _over(found):
        raise Conflict(sentence)
    return found.survey


def _thank(stand: Stand, whose: str) -> ResponseReturnValue:
    said: dict[str, Any] = {"for": whose}
    if "lang" in request.args:
        said["lang"] = stand.language
    return redirect(url_for("surveys_public.kiosk_thanks", token=stand.token, **said), 303)


def _page(stand: Stand, form: KioskForm, *, failed: bool = False) -> str:
    return render_template(
        "surveys/public/kiosk.html",
        title=stand.survey.title_in(stand.language),
        reply_words=reply_words(stand.survey),
        action=request.full_path.rstrip("?"),
        token=form_tokens.issue(_purpose(stand)),
        version=form.version.number,
        hides=rules_of_style(form.version),
        questions=draw(form),
        errors_in=form if failed else None,
        **_frame(stand, clock.now()),
    )


def _frame(stand: Stand, now: datetime) -> dict[str, Any]:
    """Of any page, but nothing on it leads away from the tablet."""
    head = letterhead(stand.survey.organisation, stand.survey.languages, now)
    return {**head, "reach": None, "embed": False, "kiosk_start": stand.start}


def _purpose(stand: Stand) -> str:
    return f"kiosk:{stand.kiosk.id}"


def _code(address: str) -> str:
    """A QR code as a picture within the page: black on white, so that every camera reads it."""
    drawn = BytesIO()
    segno.make(address, error="l", micro=False).save(
        drawn, kind="svg", scale=6, border=4, dark="#000", light="#fff"
    )
    return f"data:image/svg+xml;base64,{b64encode(drawn.getvalue()).decode()}"
