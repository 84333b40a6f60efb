"""The form of what managers watch over in a survey."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from surveys.models import Survey
from surveys.settings.watching import USUAL, scale_of


class WatchForm(FlaskForm):  # type: ignore[misc]
    approves_words = BooleanField(
        _l("A manager reads words first"),
        description=_l(
            "What others than managers write waits until a manager approves it. Where a promise falls due meanwhile, people hear that there is no news yet."
        ),
    )
    detractor_bound = IntegerField(
        _l("The highest score that counts as dissatisfied"),
        validators=[Optional(), NumberRange(0, 10, _l("Give a number from 0 to 10."))],
    )
    joins_within = IntegerField(
        _l("Days within which the same complaint is offered as one"),
        description=_l(
            "Where somebody says the same by another way within so many days, colleagues are asked whether to handle it as one. 0: never."
        ),
        validators=[
            InputRequired(_l("Give a number from 0 to 365.")),
            NumberRange(0, 365, _l("Give a number from 0 to 365.")),
        ],
    )

    def __init__(self, survey: Survey) -> None:
        super().__init__(
            data={
                "approves_words": survey.approves_words,
                "detractor_bound": survey.detractor_bound,
                "joins_within": survey.joins_within,
            }
        )
        usual = USUAL.get(scale_of(survey))
        self.detractor_bound.description = (
            _("Whoever gives this or less is in the alerts. Left empty: %(usual)d.", usual=usual)
            if usual is not None
            else _("Whoever gives this or less is in the alerts. Left empty: nobody.")
        )
