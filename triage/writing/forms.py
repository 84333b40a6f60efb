"""A form with words that respondents will read: what the aid finds stands under each field, and what blocks comes back."""

from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from core import clock
from core.fields import within
from triage.writing.checking import Finding
from triage.writing.overruling import Spoken


class SpokenForm(FlaskForm):  # type: ignore[misc]
    """`findings`: name of a field → what was found in it when the form was sent."""

    overrule = TextAreaField(_l("Keep these words all the same, because"), validators=[within(1000)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings: dict[str, list[Finding]] = {}

    def spoken(self) -> list[Spoken]:
        """The public words in it."""
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        return self.heeds() and sound

    def heeds(self) -> bool:
        """Nothing in the words blocks, or a reason is given why they stay."""
        self.findings = {one.place: one.findings(today()) for one in self.spoken()}
        blocked = [place for place in self.findings if self._blocks(place)]
        if (self.overrule.data or "").strip():
            return True
        for place in blocked:
            self[place].errors = [*self[place].errors, _("Mend what is marked, or say below why it stays.")]
        return not blocked

    @property
    def overruled(self) -> str:
        """The reason for which words were kept; "" when nothing blocked."""
        return (self.overrule.data or "").strip() if any(map(self._blocks, self.findings)) else ""

    @property
    def asks_why(self) -> bool:
        """Whether the field for that reason is shown."""
        return bool(self.overrule.data) or any(map(self._blocks, self.findings))

    def _blocks(self, place: str) -> bool:
        return any(found.blocks for found in self.findings[place])


def today() -> date:
    return clock.local_date(clock.now(), g.timezone)
