"""What the REST interface takes for moving a promise."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from core.api.bodies import Body
from triage.shapes import overrule_field

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
    overrule = overrule_field()
