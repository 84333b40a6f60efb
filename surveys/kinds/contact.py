"""Who are you, and how do you want to hear back? It becomes the customer, never an answer."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField, RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from core.errors import DomainError
from core.text import one_line
from core.voice import gettext as _
from customers.reaching_them import checked
from customers.recognising import Contact
from outbox.channels import OFFERED
from surveys.kinds.base import Kind, Meta, Value, choices, never_said, prompt
from surveys.models import MAIL_ALONE, Question
from surveys.offering import Offer

WAYS = {
    "mail": _l("By mail"),
    "phone": _l("By phone"),
    "letter": _l("By letter"),
    "sms": _l("By text message"),
    "page": _l("On a page of my own, without my name"),
    "none": _l("You need not report back"),
}
OTHERWISE = {
    "page": _l("Then on a page of my own"),
    "mail": _l("Then by mail"),
    "": _l("Then you need not report back"),
}
TYPED = ("name", "email", "phone", "address")


class ContactForm(Form):
    """Each way needs its address; the own page and silence need nothing."""

    Meta = Meta

    wants = RadioField(_l("How do you want to hear what we did with your answer?"), default="mail")
    name = StringField(_l("Your name"), filters=[lambda text: one_line(text or "")])
    email = StringField(_l("Your mail address"), filters=[lambda text: one_line(text or "", 320)])
    phone = StringField(_l("Your phone number"), filters=[lambda text: one_line(text or "", 60)])
    address = TextAreaField(_l("Your postal address"))
    otherwise = RadioField(_l("If we do not reach you in that way"), default="page")

    def __init__(self, *args: Any, offer: Offer = MAIL_ALONE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        ways = ("mail", *offer.channels, *(["page"] if offer.own_page else []), "none")
        self.wants.choices = choices((way, WAYS[way]) for way in ways)
        self.otherwise.choices = choices(
            (way, words) for way, words in OTHERWISE.items() if way != "page" or offer.own_page
        )
        if not offer.own_page and not self.otherwise.raw_data:
            self.otherwise.data = ""
        self._leave_out()

    def _leave_out(self) -> None:
        """What belongs to a way that is not offered is not asked."""
        there = {"phone": self.offer.by_number, "address": "letter" in self.offer.channels, "otherwise": bool(self.offer.channels)}  # fmt: skip
        for name in (name for name, so in there.items() if not so):
            delattr(self, name)

    def validate_email(self, field: Field) -> None:
        by_it = self.wants.data == "mail" or (self._otherwise == "mail" and self.wants.data in OFFERED)
        self._check(
            field, "mail", _("Fill in your mail address, or choose another way to hear."), asked=by_it
        )

    def validate_phone(self, field: Field) -> None:
        by_it = self.wants.data in {"phone", "sms"}
        self._check(
            field,
            "sms" if self.wants.data == "sms" else "phone",
            _("Fill in your phone number, or choose another way to hear."),
            asked=by_it,
        )

    def validate_address(self, field: Field) -> None:
        by_it = self.wants.data == "letter"
        self._check(
            field, "letter", _("Fill in your postal address, or choose another way to hear."), asked=by_it
        )

    def validate_name(self, field: Field) -> None:
        if self.wants.data == "letter" and not field.data:
            raise ValidationError(_("Fill in your name: it stands above the address of the letter."))

    @property
    def _otherwise(self) -> str:
        return (self["otherwise"].data or "") if "otherwise" in self else ""

    def _check(self, field: Field, channel: str, missing: str, *, asked: bool) -> None:
        if not asked:
            return
        if not (field.data or "").strip():
            raise ValidationError(missing)
        try:
            field.data = checked(channel, field.data, self.offer.country)
        except DomainError as error:
            raise ValidationError(error.sentence) from None


def contact_of(said: Mapping[str, Any], language: str) -> Contact:
    """What is needed for the way they chose, and nothing more that they typed."""
    wants, mail_too = said["wants"], said.get("otherwise") == "mail" and said["wants"] in OFFERED
    return Contact(
        name=said["name"], language=language, email=said["email"] if wants == "mail" or mail_too else "",
        phone=said.get("phone") or "" if wants in {"phone", "sms"} else "",
        address=said.get("address") or "" if wants == "letter" else "",
    )  # fmt: skip


def offering(question: Question, language: str, offer: Offer) -> Field:
    """The field with the ways that an organisation offers."""
    form: Any = partial(ContactForm, offer=offer)
    return FormField(form, label=prompt(question, language))


def _field(question: Question, language: str) -> Field:
    return FormField(ContactForm, label=prompt(question, language))


def _read(_question: Question, _sent: Any) -> Value | None:
    return None


KIND = Kind("contact", _field, _read, "contact", said=never_said, parts=lambda _q: 6)
