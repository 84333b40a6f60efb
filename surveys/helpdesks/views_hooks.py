"""Where Zammad sends: strangers come here, and prove by a signature that they know the secret. No page, only sentences."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from core import clock
from core.access import public
from core.api.bodies import LIMIT, read_json
from core.api.problems import problem
from core.db import db, writing
from core.errors import DomainError
from surveys.helpdesks import zammad, zammad_reading
from surveys.helpdesks.models import ZammadHook
from surveys.helpdesks.wording import SAID
from surveys.invitations.first_question import first_question

blueprint = Blueprint("hooks", __name__)


@blueprint.post("/hooks/zammad/<slug>")
@public
def zammad_hook(slug: str) -> Response:
    """200 with what came of it, also where nobody can be asked: Zammad tries again what is refused."""
    hook = zammad.working(slug)
    if not hook:
        return problem(
            HTTPStatus.NOT_FOUND, _("No survey here expects anything from Zammad at this address.")
        )
    try:
        return _taken(hook, _signed(hook))
    except DomainError as error:
        db.session.rollback()
        return problem(error.status, error.sentence)
    except HTTPException as error:
        return problem(error.code or HTTPStatus.BAD_REQUEST, _why(error))


class _NotSigned(DomainError):
    status = HTTPStatus.BAD_REQUEST


class _WronglySigned(DomainError):
    status = HTTPStatus.FORBIDDEN


def _signed(hook: ZammadHook) -> bytes:
    said, body = request.headers.get("X-Hub-Signature", ""), request.get_data(cache=True)
    if not said:
        raise _NotSigned(
            _("This is not signed. Give the secret as “HMAC SHA1 Signature Token” of the webhook in Zammad.")
        )
    if not zammad_reading.is_signed(body, said, zammad.secrets(hook)):
        with writing():
            zammad.note_refusal(hook.id, clock.now())
        raise _WronglySigned(
            _(
                "The signature is not right. Copy the secret once more, or make a new one on the page of the survey."
            )
        )
    return body


def _taken(hook: ZammadHook, body: bytes) -> Response:
    event = zammad_reading.read(read_json(request))
    number = zammad_reading.number_of(request.headers.get("X-Zammad-Delivery", ""), body)
    came = zammad.Came(number, event, first_question(hook.survey))
    with writing():
        outcome = zammad.take(hook.id, came, clock.now()).outcome
    return jsonify({"outcome": outcome, "sentence": str(SAID[outcome])})


def _why(error: HTTPException) -> str:
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _("This is larger than %(n)d MB. Leave the payload in Zammad as it is.", n=LIMIT // 1024**2)
    return error.description or ""
