"""Who are you, and how do you want to hear back? It becomes the customer, never an answer."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString  # type: ignore[import-untyped]
from wtforms import Field, Form, FormField, StringField, TextAreaField
from wtforms.validators import ValidationError

from core.errors import DomainError
from core.text import one_line
from core.voice import gettext as _
from customers.reaching_them import checked
from customers.recognising import Contact
from outbox.channels import OFFERED
from surveys.kinds.base import Kind, Meta, OneOf, Value, choices, never_said, prompt
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
MISSING = {
    "mail": _l("Fill in your mail address, or choose another way to hear."),
    "phone": _l("Fill in your phone number, or choose another way to hear."),
    "letter": _l("Fill in your postal address, or choose another way to hear."),
}


class ContactForm(Form):
    """Each way needs its address; the own page and silence need nothing. `contact_form` gives it its fields."""

    Meta = Meta
    offer: Offer
    wants: OneOf

    def validate_email(self, field: Field) -> None:
        if self.wants.data == "mail" or (self._otherwise == "mail" and self.wants.data in OFFERED):
            self._check(field, "mail", MISSING["mail"])

    def validate_phone(self, field: Field) -> None:
        if self.wants.data in {"phone", "sms"}:
            self._check(field, self.wants.data, MISSING["phone"])

    def validate_address(self, field: Field) -> None:
        if self.wants.data == "letter":
            self._check(field, "letter", MISSING["letter"])

    def validate_name(self, field: Field) -> None:
        if self.wants.data == "letter" and not field.data:
            raise ValidationError(_("Fill in your name: it stands above the address of the letter."))

    @property
    def _otherwise(self) -> str:
        return (self["otherwise"].data or "") if "otherwise" in self else ""

    def _check(self, field: Field, channel: str, missing: LazyString) -> None:
        if not (field.data or "").strip():
            raise ValidationError(str(missing))
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


@lru_cache(maxsize=256)
def contact_form(offer: Offer) -> type[ContactForm]:
    """What belongs to a way that is not offered is not asked: the same of everybody, so it is put together once."""
    return cast(type[ContactForm], type("ContactForm", (ContactForm,), {"offer": offer, **_fields(offer)}))


def _fields(offer: Offer) -> dict[str, Any]:
    ways = ("mail", *offer.channels, *(["page"] if offer.own_page else []), "none")
    wants = _l("How do you want to hear what we did with your answer?")
    return {
        "wants": OneOf(wants, default="mail", choices=choices((way, WAYS[way]) for way in ways)),
        "name": StringField(_l("Your name"), filters=[_in_one_line()]),
        "email": StringField(_l("Your mail address"), filters=[_in_one_line(320)]),
        **({"phone": StringField(_l("Your phone number"), filters=[_in_one_line(60)])} if offer.by_number else {}),
        **({"address": TextAreaField(_l("Your postal address"))} if "letter" in offer.channels else {}),
        **({"otherwise": _otherwise(offer)} if offer.channels else {}),
    }  # fmt: skip


def _in_one_line(most: int = 200) -> Callable[[str | None], str]:
    return lambda text: one_line(text or "", most)


def _otherwise(offer: Offer) -> Field:
    ways = [(way, words) for way, words in OTHERWISE.items() if way != "page" or offer.own_page]
    default = "page" if offer.own_page else ""
    return OneOf(_l("If we do not reach you in that way"), default=default, choices=choices(ways))


def offering(question: Question, language: str, offer: Offer = MAIL_ALONE) -> Field:
    """The field with the ways that an organisation offers."""
    return FormField(contact_form(offer), label=prompt(question, language))


def _read(_question: Question, _sent: Any) -> Value | None:
    return None


KIND = Kind("contact", offering, _read, "contact", said=never_said, parts=lambda _q: 6)
