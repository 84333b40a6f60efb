"""How long each category is kept: a choice for each, and what was read before something is kept for a shorter time."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from core.keeping import CATEGORIES, Period
from reports.retention.wording import MEANS, NAMES, period_words

ALWAYS = "always"


class KeepingForm(FlaskForm):  # type: ignore[misc]
    """`confirmed`: the shorter periods whose consequences were on the page before."""

    confirmed = HiddenField()

    @classmethod
    def of(cls, periods: dict[str, Period]) -> "KeepingForm":
        form = cls(data={key: _value(days) for key, days in periods.items()})
        for key, category in CATEGORIES.items():
            form[key].choices = [SelectChoice(_value(days), period_words(days)) for days in category.choices]
        return form

    @property
    def fields(self) -> list[Any]:
        return [self[key] for key in CATEGORIES]

    @property
    def wanted(self) -> dict[str, Period]:
        return {key: None if self[key].data == ALWAYS else int(self[key].data) for key in CATEGORIES}


def _value(days: Period) -> str:
    return ALWAYS if days is None else str(days)


for _key in CATEGORIES:
    setattr(KeepingForm, _key, SelectField(NAMES[_key], description=MEANS[_key]))
