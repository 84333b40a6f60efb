"""Fields of forms that say what is wrong in our own words."""

from typing import Any

from flask_babel import gettext as _
from wtforms import DateField


class DayField(DateField):
    """A day, as a browser's date field sends it: 2026-12-04."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("“%(text)s” is not a date. An example is 2026-12-04.", text=str(valuelist[0])[:40])) from None
