"""REST: a message that came in, as an MTA or a mail service hands it over."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from marshmallow import fields, validate
from werkzeug.exceptions import UnsupportedMediaType

from core import clock
from core.access import Role, require
from core.api.rest import Answer, Blueprint
from core.db import writing

blueprint = Blueprint("outbox_api", __name__, description="Mail that comes in")
KINDS = ("reply", "bounce", "complaint", "auto_reply", "other")
MAIL = "message/rfc822"
LIMIT = 64 * 1024 * 1024
"""Bytes of one message, with all that is attached to it: more than any mail server passes on."""


class IncomingAnswer(Answer):
    kind = fields.String(validate=validate.OneOf(KINDS), metadata={"description": "What the message is."})
    matched = fields.Boolean(
        metadata={"description": "Whether it is about one of ours; only then it does anything."}
    )
    recipients = fields.List(fields.String())
    permanent = fields.Boolean(allow_none=True)
    message_id = fields.Integer(allow_none=True)
    text = fields.String()


@blueprint.post("/incoming-messages")
@require(Role.agent)
@blueprint.response(200, IncomingAnswer)
@blueprint.doc(requestBody={"required": True, "content": {MAIL: {"schema": {"type": "string"}}}})
def incoming() -> dict[str, Any]:
    """Take in one message (`message/rfc822`); the same message twice does nothing more."""
    from outbox.incoming.reading import read
    from outbox.incoming.receiving import take_in

    request.max_content_length = LIMIT
    if request.mimetype != MAIL:
        raise UnsupportedMediaType(
            _("Send one message as it came in, and say so: Content-Type: message/rfc822.")
        )
    found = read(request.get_data())
    with writing():
        return take_in(found, clock.now())
