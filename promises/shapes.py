"""What the REST interface of this room takes and answers."""

from collections.abc import Iterable

from marshmallow import Schema, fields, validate

from core.api.bodies import Query
from core.api.rest import Answer, moment
from core.ids import LAST
from promises.models import CAUSES, ENDS, HOW, KINDS
from promises.wording import WHY_NOT
from surveys.models_responses import CHANNELS


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
