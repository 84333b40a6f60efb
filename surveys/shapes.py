"""What the REST interface of this room takes and answers."""

from marshmallow import fields, validate

from core.api.bodies import Body
from core.api.rest import Answer, moment
from core.languages import WRITTEN
from surveys.kinds import KINDS

STATES = ("draft", "open", "closed")
MOST_QUESTIONS = 60
"""More is a book; how many parts a form may send is another bound (surveys/builder/soundness.py)."""
WORDS = {"description": "Words in the survey's language, or {language: words}."}


class ShowIfBody(Body):
    key = fields.String(
        required=True, metadata={"description": "An earlier question with a fixed list of answers."}
    )
    answers = fields.List(fields.Raw(), required=True)


class QuestionBody(Body):
    key = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,38}(?![\s\S])"))
    type = fields.String(required=True, validate=validate.OneOf(sorted(KINDS)))
    prompt = fields.Raw(required=True, metadata=WORDS)
    required = fields.Boolean(load_default=False)
    choices = fields.List(
        fields.Raw(), load_default=list, metadata={"description": "Texts, or {key, words}."}
    )
    help = fields.Raw(load_default=None, metadata=WORDS)
    rows = fields.List(
        fields.Raw(), load_default=list, metadata={"description": "The lines of a matrix, as choices."}
    )
    words = fields.List(
        fields.Raw(),
        load_default=list,
        metadata={"description": "Words for each step of a scale, or for its two ends."},
    )
    show_if = fields.Nested(ShowIfBody, load_default=None, allow_none=True)


class SurveyBody(Body):
    title = fields.Raw(required=True, metadata=WORDS)
    slug = fields.String(required=True)
    language = fields.String(load_default="nl", validate=validate.OneOf(WRITTEN))
    signer = fields.Email(
        load_default=None, metadata={"description": "A colleague; the first one unless said."}
    )
    deputy = fields.Email(load_default=None)
    reply_within_days = fields.Integer(strict=True, load_default=5, validate=validate.Range(1, 60))
    anonymous = fields.Boolean(
        load_default=False, metadata={"description": "Nobody is asked, or kept, who they are."}
    )
    one_by_one = fields.Boolean(load_default=False, metadata={"description": "One question a page."})
    questions = fields.List(
        fields.Nested(QuestionBody), required=True, validate=validate.Length(max=MOST_QUESTIONS)
    )


class ShowIfAnswer(Answer):
    key = fields.String()
    answers = fields.List(fields.String())


class QuestionAnswer(Answer):
    key = fields.String()
    type = fields.String(validate=validate.OneOf(sorted(KINDS)))
    prompt = fields.Dict(keys=fields.String(), values=fields.String())
    help = fields.Dict(keys=fields.String(), values=fields.String())
    required = fields.Boolean()
    choices = fields.List(fields.Dict())
    rows = fields.List(fields.Dict())
    words = fields.List(fields.Dict())
    show_if = fields.Nested(ShowIfAnswer, allow_none=True)


class SurveyAnswer(Answer):
    id = fields.Integer()
    slug = fields.String()
    url = fields.String(metadata={"format": "uri"})
    state = fields.String(validate=validate.OneOf(STATES))
    title = fields.Dict(keys=fields.String(), values=fields.String())
    language = fields.String(validate=validate.OneOf(WRITTEN))
    signer = fields.String(metadata={"format": "email"})
    deputy = fields.String(allow_none=True, metadata={"format": "email"})
    reply_within_days = fields.Integer(allow_none=True, metadata={"description": "null: counted in hours."})
    anonymous = fields.Boolean()
    one_by_one = fields.Boolean()
    questions = fields.List(fields.Nested(QuestionAnswer))
    opened_at = moment(allow_none=True)
    closed_at = moment(allow_none=True)
