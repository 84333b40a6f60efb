"""What the REST interface takes and answers about invitations."""

from marshmallow import fields, validate

from core.api.bodies import Body
from core.api.rest import Answer
from core.languages import WRITTEN

MOST = 1000
"""People in one request."""


class AskedBody(Body):
    email = fields.String(required=True, validate=validate.Length(1, 320))
    name = fields.String(load_default="", validate=validate.Length(max=200))
    language = fields.String(load_default="", validate=validate.OneOf(("", *WRITTEN)))
    external_id = fields.String(load_default="", validate=validate.Length(max=120))
    event_at = fields.AwareDateTime(
        load_default=None, metadata={"description": "What they did: they are asked 24 hours later."}
    )


class InvitationsBody(Body):
    customers = fields.List(fields.Nested(AskedBody), required=True, validate=validate.Length(1, MOST))
    send_at = fields.AwareDateTime(
        load_default=None,
        metadata={"description": "When those without an `event_at` are asked; at once unless said."},
    )


class LeftOut(Answer):
    line = fields.Integer(metadata={"description": "Which of the customers, from 1."})
    email = fields.String()
    why = fields.String()


class Invitations(Answer):
    """Each is asked by mail, with a link of their own; the link is in that mail alone."""

    list_id = fields.Integer()
    state = fields.String(
        validate=validate.OneOf(("sending", "waiting", "finished")),
        metadata={
            "description": "waiting (202): so many that a manager looks first. finished: nobody could be asked."
        },
    )
    invited = fields.Integer(metadata={"description": "How many are asked, at once or later."})
    left_out = fields.List(fields.Nested(LeftOut))
