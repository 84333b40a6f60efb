"""REST: a message that came in, as an MTA or a mail service hands it over."""

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from core import clock
from core.access import Role, require
from core.db import writing

blueprint = Blueprint("outbox_api", __name__, description="Mail that comes in")
KINDS = ("reply", "bounce", "complaint", "auto_reply", "other")


class IncomingAnswer(Schema):
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
def incoming() -> dict[str, Any]:
    """Take in one message (`message/rfc822`); the same message twice does nothing more."""
    from outbox.receiving import receive

    raw = request.get_data()
    with writing():
        return receive(raw, clock.now())
