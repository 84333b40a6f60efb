"""What the REST interface takes and answers about tags and large steps."""

from marshmallow import fields, validate

from core.api.bodies import Body, PageQuery
from core.api.rest import Answer, moment
from followup.models import BECAUSE, STEPS
from followup.steps.large_steps import REASON

STATES = ("waiting", "approved", "refused")


class Sample(Answer):
    """What one of the people it reaches will read; `to` and `subject` are empty for who reads it on their own page."""

    to = fields.String()
    language = fields.String()
    subject = fields.String()
    text = fields.String()


class LargeStepAnswer(Answer):
    """A step that reaches more than three times a usual day's messages, or words that are approved first: a manager decides."""

    optional = ("samples",)
    id = fields.Integer()
    kind = fields.String(validate=validate.OneOf(STEPS))
    because = fields.String(
        validate=validate.OneOf(BECAUSE),
        metadata={"description": "It reaches many, or the survey wants that a manager reads words first."},
    )
    state = fields.String(validate=validate.OneOf(STATES))
    action_id = fields.Integer(allow_none=True)
    round_id = fields.Integer(allow_none=True)
    messages = fields.Integer(metadata={"description": "How many it would queue that do not fall due today."})
    usual_day = fields.Integer(metadata={"description": "Messages on a usual day when it was asked."})
    asked_by = fields.String()
    asked_at = moment()
    decided_by = fields.String()
    decided_at = moment(allow_none=True)
    reason = fields.String(metadata={"description": "Why it was refused."})
    samples = fields.List(fields.Nested(Sample), metadata={"description": "Three letters, while it waits."})


class LargeStepQuery(PageQuery):
    state = fields.String(validate=validate.OneOf(STATES))


class RefusalBody(Body):
    reason = fields.String(
        required=True,
        validate=validate.Length(1, REASON),
        metadata={"description": "Whoever asked reads it."},
    )


class Tagged(Answer):
    optional = ("large_step",)
    tagged = fields.Integer()
    ids = fields.List(fields.Integer())
    large_step = fields.Nested(
        LargeStepAnswer,
        metadata={
            "description": "With 202: the tags are there, and nobody is told before a manager decides."
        },
    )


class ActionWaits(Answer):
    """A plan that is done, told to so many that a manager looks first."""

    id = fields.Integer()
    large_step = fields.Nested(LargeStepAnswer)
