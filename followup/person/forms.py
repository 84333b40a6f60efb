"""The forms for one person: a message to this respondent alone, a compliment that is passed on, a note to colleagues."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, TextAreaField

from accounts.models import Staff
from core.application import LANGUAGES, language_name
from core.fields import not_blank, within
from followup.beside import Wish
from followup.notes.noting import NOTED
from followup.person.writing_to_one import title
from surveys.queries import colleagues
from triage.acting import Decision
from triage.forms import Ticks, choices
from triage.forms_actions import NOTE, DecisionForm

SENTENCE = 1000
"""Characters of a sentence beside an action."""


class PassingOn(FlaskForm):  # type: ignore[misc]
    """Whom the customer's words are passed on to."""

    thanks_to = SelectField(_l("Pass it on, as a compliment, to"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thanks_to.choices = choices([("", _("nobody")), *((str(s.id), s.name) for s in colleagues())])

    @property
    def colleague(self) -> Staff | None:
        return next((s for s in colleagues() if str(s.id) == self.thanks_to.data), None)


class MessageForm(PassingOn, DecisionForm):
    """A decision told to one respondent, in words for them alone; `message_form` makes it."""

    language: str

    def __init__(self, today: date, **defaults: Any) -> None:
        super().__init__(today, title=title(), theme="", **defaults)
        self.kind.label.text = _("What do you tell them?")
        self.notes[self.language].label.text = _(
            "What they read, in %(language)s", language=language_name(self.language)
        )

    @property
    def notes(self) -> dict[str, Field]:
        return {self.language: self[f"note_{self.language}"]}

    def decision(self) -> Decision:
        return replace(super().decision(), title=title(), theme_id=None)

    def wish(self) -> Wish:
        return Wish("", self.colleague)


def message_form(language: str, today: date, **defaults: Any) -> MessageForm:
    """With one field for the words, in the language of whoever reads them."""
    others: dict[str, Any] = {f"note_{other}": None for other in LANGUAGES}
    words = {f"note_{language}": TextAreaField(validators=[within(NOTE)])}
    made: type[MessageForm] = type("MessageForm", (MessageForm,), {**others, **words, "language": language})
    return made(today, **defaults)


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A note about a comment; colleagues are ticked, or named in it with an @."""

    note = TextAreaField(
        _l("Write to your colleagues"), validators=[not_blank(_l("Write the note first.")), within(NOTED)]
    )
    mention = Ticks(_l("Mention"))

    def __init__(self, me: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mention.choices = choices([(str(s.id), s.name) for s in colleagues() if s.id != me])

    @property
    def ticked(self) -> set[int]:
        return {int(id) for id in self.mention.data or []}
