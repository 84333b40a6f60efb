"""What the REST interface of this room takes and answers."""

from marshmallow import fields, validate

from core.api.bodies import Body, PageQuery, sane_day
from core.api.rest import Answer, moment
from core.languages import WRITTEN
from followup.closing import CLOSINGS
from followup.steps.shapes import LargeStepAnswer
from outbox.models import STATES as MESSAGE_STATES
from promises.shapes import PromiseAnswer
from promises.wording import WHY_NOT
from surveys.models_responses import CHANNELS
from triage.models import EMOTIONS
from triage.shapes import NoteBody, overrule_field

STATES = ("told", "promised", "unreachable", "missing")
"""`missing`: a row is gone that must be there; the ledger does not add up either."""
MESSAGES = (
    "receipt",
    "update",
    "digest",
    "correction",
    "no_news",
    "moved",
    "progress",
    "default",
    "check_back",
)
WANTS = (*CHANNELS, "none")


class CustomerBody(Body):
    email = fields.String()
    name = fields.String(validate=validate.Length(max=200))
    phone = fields.String(validate=validate.Length(max=40))
    external_id = fields.String(validate=validate.Length(max=200))
    language = fields.String(validate=validate.OneOf(WRITTEN))
    channel = fields.String(validate=validate.OneOf(WANTS))


class ResponseBody(Body):
    answers = fields.Dict(
        keys=fields.String(), required=True, metadata={"description": "By the keys of the questions."}
    )
    customer = fields.Nested(CustomerBody, load_default=dict)
    submitted_at = fields.AwareDateTime(load_default=None)
    follow_up = fields.Boolean(
        load_default=True, metadata={"description": "false: history, about which nobody is told."}
    )


class Submitted(Answer):
    optional = ("reason",)
    id = fields.Integer()
    status_url = fields.String(metadata={"format": "uri"})
    state = fields.String(validate=validate.OneOf(STATES))
    reason = fields.String(validate=validate.OneOf(WHY_NOT))
    promise = fields.Nested(PromiseAnswer, allow_none=True)


class MessageAnswer(Answer):
    id = fields.Integer()
    kind = fields.String(validate=validate.OneOf(MESSAGES))
    state = fields.String(validate=validate.OneOf(MESSAGE_STATES))
    subject = fields.String()
    sent_at = moment(allow_none=True)
    server_reply = fields.String(metadata={"description": "The receiving server's own words."})


class VerdictAnswer(Answer):
    clear = fields.Boolean(allow_none=True)
    solved = fields.Boolean(allow_none=True)
    words = fields.String()
    emotion = fields.String(allow_none=True, validate=validate.OneOf(EMOTIONS))
    closing = fields.String(
        allow_none=True,
        validate=validate.OneOf(CLOSINGS),
        metadata={
            "description": "How the loop closed; `silence`: ten days without a word. null: they heard something since."
        },
    )
    at = moment()


class ResponseAnswer(Answer):
    optional = ("reason",)
    id = fields.Integer()
    state = fields.String(validate=validate.OneOf(STATES))
    reason = fields.String(validate=validate.OneOf(WHY_NOT))
    promises = fields.List(fields.Nested(PromiseAnswer))
    messages = fields.List(fields.Nested(MessageAnswer))
    verdict = fields.Nested(VerdictAnswer, allow_none=True)


class ActionPatch(Body):
    kind = fields.String(required=True, validate=validate.OneOf(["done"]))
    done_on = fields.Date(load_default=None, validate=sane_day)


class ActionDone(Answer):
    id = fields.Integer()
    kind = fields.String(validate=validate.OneOf(["done"]))
    told_again = fields.Integer(metadata={"description": "Comments whose people hear so."})
    told_by_digest = fields.Integer(
        metadata={"description": "People who read the plan in a digest only, and hear so too."}
    )


class PlanMoveBody(Body):
    due_on = fields.Date(
        required=True,
        validate=sane_day,
        metadata={"description": "The second time: the day of the next update."},
    )
    reason = fields.Nested(
        NoteBody, required=True, metadata={"description": "What respondents read, per language."}
    )
    overrule = overrule_field()


class PlanMoved(Answer):
    optional = ("notice",)
    id = fields.Integer()
    due_on = fields.String(
        allow_none=True, metadata={"format": "date", "description": "null: no date any more."}
    )
    moves = fields.Integer()
    told_again = fields.Integer(metadata={"description": "People who hear so in the next message."})
    notice = fields.String(
        metadata={"description": "Left out, unless the date lies in a weekend or on a public holiday."}
    )


class ProgressBody(Body):
    words = fields.String(required=True, validate=validate.Length(1, 2000))
    due_at = fields.String(required=True, metadata={"description": "The next date, or a moment in ISO 8601."})
    overrule = overrule_field()


class Corrected(Answer):
    id = fields.Integer(metadata={"description": "The action that holds now."})
    told_again = fields.Integer(metadata={"description": "Comments whose people hear so."})
    told_by_digest = fields.Integer(
        metadata={"description": "People who read it in a digest only, and hear so too."}
    )


class RoundQuery(PageQuery):
    survey = fields.String(metadata={"description": "The survey's slug."})


class RoundAnswer(Answer):
    optional = ("large_step",)
    id = fields.Integer()
    survey = fields.String()
    starts_on = fields.String(metadata={"format": "date"})
    ends_on = fields.String(metadata={"format": "date"})
    digest = fields.Dict(keys=fields.String(), values=fields.String())
    tells = fields.List(fields.Integer(), metadata={"description": "Actions that its words tell."})
    approved_at = moment(allow_none=True)
    due_at = moment(allow_none=True)
    """By when the first of those who wait were promised a word."""
    waiting = fields.Integer(metadata={"description": "People who gave only a score and hear these words."})
    large_step = fields.Nested(
        LargeStepAnswer, metadata={"description": "With 202: nobody is told before it is approved."}
    )


class ApprovalBody(Body):
    words = fields.Nested(
        NoteBody,
        load_default=dict,
        metadata={"description": "Unless given: those that were kept, else the draft."},
    )
    publish = fields.List(
        fields.Integer(strict=True),
        load_default=None,
        metadata={
            "description": "Actions that may stand on the public page; unless given those that answer more than one comment."
        },
    )
    tells = fields.List(
        fields.Integer(strict=True),
        load_default=None,
        metadata={
            "description": "Actions that the words tell: who hears them hears what becomes of each. Unless given those whose own words stand there, and those of the public page."
        },
    )
    overrule = overrule_field()
