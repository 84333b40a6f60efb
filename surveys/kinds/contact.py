"""Who are you, and how do you want to hear back? It becomes the customer, never an answer."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField, RadioField, StringField
from wtforms.validators import ValidationError

from core.errors import DomainError
from core.text import one_line
from customers.recognising import checked_address
from surveys.kinds.base import Kind, Meta, Value, choices, never_said, prompt
from surveys.models import Question

WANTS = ("mail", "page", "none")


class ContactForm(Form):
    """Mail needs an address; the own page and silence need nothing."""

    Meta = Meta

    wants = RadioField(_l("How do you want to hear what we did with your answer?"), default="mail")
    name = StringField(_l("Your name"), filters=[lambda text: one_line(text or "")])
    email = StringField(_l("Your mail address"), filters=[lambda text: one_line(text or "", 320)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wants.choices = choices([
            ("mail", _("By mail")),
            ("page", _("On a page of my own, without my name")),
            ("none", _("You need not report back")),
        ])  # fmt: skip

    def validate_email(self, field: Field) -> None:
        if self.wants.data != "mail":
            return
        try:
            field.data = checked_address(field.data or "") if (field.data or "").strip() else _missing()
        except DomainError as error:
            raise ValidationError(error.sentence) from None


def _missing() -> str:
    raise DomainError(_("Fill in your mail address, or choose to hear on a page of your own."))


def _field(question: Question, language: str) -> Field:
    return FormField(ContactForm, label=prompt(question, language))


def _read(_question: Question, _sent: Any) -> Value | None:
    return None


KIND = Kind("contact", _field, _read, "contact", said=never_said, parts=lambda _q: 3)
