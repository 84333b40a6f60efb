"""The forms of the inbox: how a comment is labelled, and a view that is kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from core.access import own
from core.application import words
from core.db import db
from core.fields import not_blank
from core.text import one_line
from surveys.emotions import EMOTIONS
from surveys.queries import colleagues
from triage.labelling import Labels
from triage.models import Comment
from triage.queries import themes
from triage.themes.models import Theme


def choices(pairs: Mapping[str, str] | Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [
        SelectChoice(value, label)
        for value, label in (pairs.items() if isinstance(pairs, Mapping) else pairs)
    ]


class Ticks(SelectMultipleField):
    """Several of a list, each with a box of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LabelsForm(FlaskForm):  # type: ignore[misc]
    """How a comment sounds, what it is about, whose it is."""

    emotion = SelectField(_l("Emotion"))
    themes = Ticks(_l("Themes"))
    new_theme = StringField(_l("Another theme"), validators=[Length(max=60)])
    assignee = SelectField(_l("Whose it is"))

    def __init__(self, comment: Comment) -> None:
        super().__init__(data=_labels_of(comment))
        self.emotion.choices = choices([("", _("not said")), *EMOTIONS.items()])
        self.known = themes()
        self.themes.choices = choices([(str(t.id), words(t.name)) for t in self.known])
        self.themes.data = _followed(self.themes.data or [])
        self.assignee.choices = choices([("", _("nobody yet")), *_whose(comment)])

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever left while the page lay open is not among the colleagues any more."""
        sound = bool(super().validate(extra_validators))
        if self.assignee.errors:
            self.assignee.errors = [_("This colleague does not work here any more. Choose another one.")]
        return sound

    def labels(self) -> Labels:
        chosen = [t for t in self.known if str(t.id) in (self.themes.data or [])]
        who = int(self.assignee.data) if self.assignee.data else None
        locale = get_locale()
        return Labels(
            self.emotion.data or None,
            chosen,
            who,
            self.new_theme.data or "",
            locale.language if locale else "nl",
        )


def _whose(comment: Comment) -> list[tuple[str, str]]:
    """Colleagues; and whoever has it now, also when they left: other labels are saved without taking it from them."""
    here = [(str(s.id), s.name) for s in colleagues()]
    now = comment.assignee
    if now is None or str(now.id) in dict(here):
        return here
    return [(str(now.id), _("%(name)s, who has left", name=now.name)), *here]


def _followed(ids: Iterable[str]) -> list[str]:
    """A theme that was merged while the page lay open stands for the one that holds its comments now."""
    merged = db.session.scalars(own(Theme).where(Theme.merged_into_id.is_not(None)))
    into = {str(theme.id): str(theme.merged_into_id) for theme in merged}
    return list(dict.fromkeys(into.get(id, id) for id in ids))


def _labels_of(comment: Comment) -> dict[str, Any]:
    return {
        "emotion": comment.emotion or "",
        "themes": [str(t.id) for t in comment.themes],
        "assignee": str(comment.assignee_id or ""),
    }


class ViewForm(FlaskForm):  # type: ignore[misc]
    """A name for what the inbox is narrowed to, and whether colleagues see it too."""

    name = StringField(
        _l("Name of this view"),
        filters=[lambda text: one_line(text or "", 60)],
        validators=[not_blank(_l("Give it a name."))],
    )
    shared = BooleanField(_l("Colleagues see it too"))
