"""What the REST interface of this room takes and answers."""

from marshmallow import fields, validate

from core.api.bodies import Body, PageQuery, sane_day
from core.api.rest import Answer, moment
from triage.inbox.filters import STATES
from triage.models import EMOTIONS, KINDS

MOST_TAGS = 5000


class CommentQuery(PageQuery):
    state = fields.String(validate=validate.OneOf(STATES))
    survey = fields.String(metadata={"description": "The survey's slug."})
    emotion = fields.String(validate=validate.OneOf(EMOTIONS))
    theme = fields.String(metadata={"description": "The theme's key."})
    q = fields.String(validate=validate.Length(max=200), metadata={"description": "Words in the comment."})


class CommentAnswer(Answer):
    id = fields.Integer()
    text = fields.String()
    response_id = fields.Integer()
    score = fields.Integer(allow_none=True)
    emotion = fields.String(allow_none=True, validate=validate.OneOf(EMOTIONS))
    state = fields.String(validate=validate.OneOf(STATES))
    promise_due_at = moment(allow_none=True)


class NoteBody(Body):
    """What respondents read, per language."""

    nl = fields.String()
    en = fields.String()


def overrule_field() -> fields.String:
    why = "Why words are kept that the writing aid blocks; without it they are refused (422)."
    return fields.String(load_default="", validate=validate.Length(max=1000), metadata={"description": why})


class ActionBody(Body):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = fields.String(required=True, validate=validate.Length(1, 200))
    public_note = fields.Nested(NoteBody, required=True)
    owner = fields.Email(
        load_default=None, metadata={"description": "A colleague; the first one unless said."}
    )
    due_on = fields.Date(load_default=None, validate=sane_day)
    done_on = fields.Date(load_default=None, validate=sane_day)
    reason = fields.String(load_default="", validate=validate.Length(max=1000))
    check_back_days = fields.Integer(
        load_default=28,
        strict=True,
        validate=validate.Range(0, 365),
        metadata={"description": "After how many days those told are asked once more; 0: not."},
    )
    overrule = overrule_field()


class ActionMade(Answer):
    optional = ("notice",)
    id = fields.Integer()
    notice = fields.String(
        metadata={"description": "Left out, unless the date lies in a weekend or on a public holiday."}
    )


class TagBody(Body):
    comment_ids = fields.List(
        fields.Integer(strict=True), required=True, validate=validate.Length(1, MOST_TAGS)
    )
    action_id = fields.Integer(strict=True, required=True)
    part = fields.String(
        load_default="",
        validate=validate.Length(max=500),
        metadata={"description": "Words of the one comment that it answers; all of it unless said."},
    )
