"""Forms of the gateway of text messages."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TelField
from wtforms.validators import InputRequired, Length

from outbox.outlets.trying import LONGEST


class GatewayForm(FlaskForm):  # type: ignore[misc]
    """Where text messages go out; shown in part from then on."""

    address = StringField(
        _l("Address of your gateway"),
        validators=[InputRequired(_l("Give the address of your gateway.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class TrialTextForm(FlaskForm):  # type: ignore[misc]
    number = TelField(
        _l("Your mobile number"),
        validators=[InputRequired(_l("Give the number that the test goes to.")), Length(max=60)],
    )
