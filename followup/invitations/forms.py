"""The forms with which staff ask people: a list that is typed or uploaded, and a manager's no."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import IntegerField, TextAreaField
from wtforms.validators import NumberRange, Optional

from surveys.invitations.inviting import DELAY
from surveys.invitations.list_files import Row, of_file, pasted

MOST_HOURS = 24 * 30


class InviteForm(FlaskForm):  # type: ignore[misc]
    people = TextAreaField(
        _l("Who you ask"),
        description=_l(
            "One person a line: an address, or address;name;language. What a mail program copies is read too: a name with its address."
        ),
    )
    file = FileField(
        _l("Or a file"),
        description=_l(
            "CSV or XLSX. A first line may say what each column is: email, name, language, external_id, event_at."
        ),
    )
    delay = IntegerField(
        _l("Hours after what they did"),
        [Optional(), NumberRange(0, MOST_HOURS, _l("Give a number from 0 to 720."))],
        default=DELAY,
        description=_l("Only where the list says when that was; the others are asked at once."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        sound = bool(super().validate(extra_validators))
        if self._has_file() == bool((self.people.data or "").strip()):
            self.people.errors = [_("Paste a list, or choose a file: one of the two.")]
            return False
        return sound

    def _has_file(self) -> bool:
        return bool(self.file.data and getattr(self.file.data, "filename", ""))

    @property
    def hours(self) -> int:
        return DELAY if self.delay.data is None else int(self.delay.data)

    def rows(self) -> list[Row]:
        """DomainError for a file that cannot be read."""
        if self._has_file():
            return of_file(self.file.data.read())
        return list(pasted(self.people.data or ""))
