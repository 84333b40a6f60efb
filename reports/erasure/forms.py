"""The form that erases a person: who it is, typed once more, and why."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from core.fields import not_blank
from core.text import search_key
from reports.erasure.erasing import REASON

WHY = _l("Say why: the reason stays when the person is gone.")


class ErasureForm(FlaskForm):  # type: ignore[misc]
    """`called`: what has to be typed, so that nobody is erased by a slip of the hand."""

    confirmation = StringField(
        _l("Type it once more"), render_kw={"autocomplete": "off", "spellcheck": "false"}
    )
    reason = TextAreaField(
        _l("Why"), validators=[InputRequired(WHY), not_blank(WHY), Length(max=REASON)], render_kw={"rows": 2}
    )

    def __init__(self, called: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.called = called
        self.confirmation.label.text = _("Type “%(name)s”", name=called)

    def validate_confirmation(self, field: Field) -> None:
        if search_key(field.data or "") != search_key(self.called):
            raise ValidationError(
                _("Type “%(name)s” exactly, so that nobody is erased by mistake.", name=self.called)
            )
