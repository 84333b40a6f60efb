"""The forms for answers that came in elsewhere: the file, and what each of its columns says."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, RadioField, SelectField
from wtforms.validators import ValidationError

from followup.imports.importing import LARGEST
from surveys.imports.columns import offered
from surveys.imports.models import Import
from surveys.models import Version
from triage.forms import choices


class FileForm(FlaskForm):  # type: ignore[misc]
    """A CSV file."""

    file = FileField(_l("The file (CSV, at most 20 MB)"))

    def validate_file(self, field: Field) -> None:
        if not field.data or not field.data.filename:
            raise ValidationError(_("Choose a file."))

    @property
    def content(self) -> bytes:
        """Of a file that is too large as much as shows that it is."""
        content: bytes = self.file.data.read(LARGEST + 1)
        return content


class ColumnsForm(FlaskForm):  # type: ignore[misc]
    """A field for each column; `columns_form` makes it."""

    count: int

    way = RadioField(_l("Who is told what you do with it?"))

    @property
    def columns(self) -> list[Field]:
        return [self[f"column_{place}"] for place in range(self.count)]

    @property
    def chosen(self) -> list[str]:
        return [field.data or "" for field in self.columns]


def columns_form(held: Import, version: Version) -> ColumnsForm:
    """As it was chosen before."""
    said = choices([("", _("leave it out")), *offered(version)])
    fields = {
        f"column_{n}": SelectField(name or _("without a name"), choices=said)
        for n, name in enumerate(held.header)
    }
    made: Any = type("ColumnsForm", (ColumnsForm,), {**fields, "count": len(held.header)})
    form: ColumnsForm = made(**_as_chosen(held.chosen), way=held.way)
    form.way.choices = choices(
        [
            ("history", _("Nobody: it is history. It is counted, and nobody is written to.")),
            ("by_age", _("Whoever answered within the reply time; what is older is history.")),
            ("follow_up", _("Everybody: each of them is promised a word, from today on.")),
        ]
    )
    return form


def _as_chosen(chosen: Sequence[str]) -> dict[str, str]:
    return {f"column_{place}": field for place, field in enumerate(chosen)}
