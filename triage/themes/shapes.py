"""What the REST interface takes and answers about themes."""

from marshmallow import fields

from core.api.bodies import Body
from core.api.rest import Answer


class NameBody(Body):
    """What it is called, per language."""

    nl = fields.String()
    en = fields.String()


class ThemePatch(Body):
    name = fields.Nested(NameBody, required=True)


class MergerBody(Body):
    into = fields.Integer(
        strict=True, required=True, metadata={"description": "The theme that stays, with its name."}
    )


class ThemeAnswer(Answer):
    id = fields.Integer()
    key = fields.String(metadata={"description": "By which comments are asked for; it stays as it is."})
    name = fields.Dict(keys=fields.String(), values=fields.String())
    comments = fields.Integer(metadata={"description": "About it; not counted past 1000."})
    actions = fields.Integer(metadata={"description": "About it; not counted past 1000."})
    more = fields.Boolean(metadata={"description": "One of the counts stopped: there are more."})


class ThemeMerged(ThemeAnswer):
    moved = fields.Integer(metadata={"description": "How many comments moved."})
