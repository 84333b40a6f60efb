"""The form of how customers meet a survey."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from surveys.models import Survey


class AnsweringForm(FlaskForm):  # type: ignore[misc]
    one_by_one = BooleanField(
        _l("One question a page"),
        description=_l("With how far they are, and a way back. Without it all questions stand on one page."),
    )
    anonymous = BooleanField(
        _l("Anonymous"),
        description=_l(
            "Nobody is asked who they are, and nothing that could tell is kept. The address of their own page is the only way to hear from you."
        ),
    )

    def __init__(self, survey: Survey) -> None:
        super().__init__(data={"one_by_one": survey.one_by_one, "anonymous": survey.anonymous})
