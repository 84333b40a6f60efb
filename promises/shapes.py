"""What the REST interface of this room takes and answers."""

from collections.abc import Iterable
from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from core.bodies import Body, Query
from core.ids import LAST
from core.rest import Answer, moment
from promises.models import CAUSES, ENDS, HOW, KINDS
from promises.wording import WHY_NOT
from surveys.models import CHANNELS

REASON = 1000
WORDS: dict[str, Any] = {"type": "string", "maxLength": REASON}


class Reasons(Schema):
    """The reason in each language it was written in."""

    class Meta:
        unknown = RAISE

    nl = fields.String(validate=validate.Length(max=REASON))
    en = fields.String(validate=validate.Length(max=REASON))


class Reason(fields.Field[Any]):
    """Words, or words per language."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str]:
        if isinstance(value, dict):
            return dict(Reasons().load(value))
        plain = fields.String(validate=validate.Length(max=REASON))
        return {"": plain.deserialize(value, attr, data, **kwargs)}


class MoveBody(Body):
    due_at = fields.String(required=True, metadata={"description": "A date, or a moment in ISO 8601."})
    reason = Reason(
        required=True,
        metadata={
            "description": "What the respondent reads: plain words, in their language; or words per language, of which they read theirs.",
            "oneOf": [
                WORDS,
                {"type": "object", "properties": {"nl": WORDS, "en": WORDS}, "additionalProperties": False},
            ],
        },
    )


class LedgerQuery(Query):
    survey = fields.String(metadata={"description": "The survey's slug; all surveys unless said."})
    round = fields.Integer(
        validate=validate.Range(1, LAST), metadata={"description": "The id of a round of one survey."}
    )


class PromiseAnswer(Answer):
    optional = ("notice",)
    id = fields.Integer()
    what = fields.String(metadata={"description": "In the respondent's language."})
    kind = fields.String(validate=validate.OneOf(KINDS))
    who = fields.String(metadata={"description": "The name of a person."})
    due_at = moment()
    channel = fields.String(validate=validate.OneOf(CHANNELS))
    because = fields.String(validate=validate.OneOf(CAUSES))
    opened_at = moment()
    ended_at = moment(allow_none=True)
    ended_as = fields.String(allow_none=True, validate=validate.OneOf(ENDS))
    notice = fields.String(
        metadata={
            "description": "Left out, unless the day is no working day, or a reason per language holds none in the respondent's."
        }
    )


def _counts(name: str, keys: Iterable[str]) -> type[Schema]:
    """How many people, by key; a key that nobody has is left out."""
    return Schema.from_dict({key: fields.Integer(validate=validate.Range(1)) for key in keys}, name=name)


TOLD_HOW, UNREACHABLE = _counts("ToldHow", HOW), _counts("Unreachable", WHY_NOT)


class WaitingAnswer(Answer):
    people = fields.Integer()
    days = fields.Integer(
        metadata={"description": "Full days since they last said something, added up over all who wait."}
    )


class LedgerAnswer(Answer):
    responses = fields.Integer()
    told = fields.Integer()
    told_how = fields.Nested(TOLD_HOW)
    told_on_own_page = fields.Nested(TOLD_HOW)
    something_changed = fields.Integer(
        metadata={"description": "People who heard that something changed, or will."}
    )
    promised = fields.Integer()
    planned = fields.Integer(
        metadata={"description": "Of those promised: who heard of a plan, and is owed its outcome."}
    )
    waiting = fields.Nested(WaitingAnswer)
    unreachable = fields.Nested(UNREACHABLE)
    missing = fields.Integer(metadata={"description": "Responses of which a row that must be there is not."})
    messages_gone = fields.Integer(metadata={"description": "Messages whose row was deleted."})
    adds_up = fields.Boolean()
