"""Forms of the places where alerts go besides mail."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from accounts import alerts
from core.fields import not_blank
from core.text import one_line
from outbox.outlets.trying import LONGEST

NAME_MISSING = _l("Give it a name that colleagues know it by.")


class OutletForm(FlaskForm):  # type: ignore[misc]
    """Where alerts go, and which. `address` is asked for once, and may be left empty from then on."""

    name = StringField(
        _l("Name"), validators=[InputRequired(NAME_MISSING), not_blank(NAME_MISSING), Length(max=200)]
    )
    address = StringField(
        _l("Address"),
        validators=[Length(max=LONGEST)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    kinds = SelectMultipleField(
        _l("What goes there"),
        choices=[SelectChoice(*kind) for kind in alerts.OF_OUTLETS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    @property
    def known_as(self) -> str:
        return one_line(self.name.data or "")

    @property
    def new_address(self) -> str:
        return (self.address.data or "").strip()
