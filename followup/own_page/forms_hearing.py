"""The form on a respondent's own page that says how they want to hear."""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from core.errors import DomainError
from core.text import one_line
from customers.reaching_them import checked
from followup.own_page.forms_public import OwnForm
from followup.own_page.hearing import address_for, way
from outbox.channels import ADDRESSED, OFFERED
from surveys.kinds.base import choices
from surveys.kinds.contact import OTHERWISE, WAYS
from surveys.models_responses import Response
from surveys.offering import offer_of

FIELDS = {"mail": "email", "phone": "phone", "sms": "phone", "letter": "address"}
"""channel → the field for its address"""


class Wished(NamedTuple):
    """How they want to hear from now on; `address`: one that we did not know yet."""

    way: str
    address: str
    otherwise: str


class HearingForm(OwnForm):
    """Mail, a way that their organisation offers, their own page, or not at all; an address from who gave none."""

    def __init__(self, response: Response) -> None:
        self.response, offer = response, offer_of(response.survey.organisation)
        nobody = response.survey.anonymous and not response.identity
        self.channels = () if nobody else ("mail", *offer.channels)
        self.lacking = [c for c in self.channels if not address_for(response, c)]
        ways = RadioField(
            _l("How do you want to hear from us about this answer?"),
            validators=[InputRequired(_l("Choose how you want to hear."))],
            choices=choices(_ways(self.channels)),
        )
        super().__init__(
            f"hearing:{response.id}", {"way": ways, **self._addresses(), **_otherwise(self.channels)}
        )
        self.now = way(response)

    def _addresses(self) -> dict[str, Any]:
        made = {
            "email": StringField(_l("Your mail address"), filters=[_one_address]),
            "phone": StringField(_l("Your phone number"), filters=[_one_address]),
            "address": TextAreaField(_l("Your postal address")),
        }
        wanted = {FIELDS[c] for c in self.lacking}
        return {name: field for name, field in made.items() if name in wanted}

    def wish(self) -> Wished | None:
        """None when something is not right, with a sentence beside it."""
        nonce, sound = self.nonce(), self.validate()
        if not (nonce and sound and self._has_address()):
            return None
        wanted = self["way"].data
        typed = self[FIELDS[wanted]].data or "" if wanted in self.lacking else ""
        return Wished(wanted, typed, (self["otherwise"].data or "") if "otherwise" in self else "")

    def _has_address(self) -> bool:
        wanted = self["way"].data
        if wanted not in self.lacking:
            return True
        field = self[FIELDS[wanted]]
        try:
            typed = (field.data or "").strip()
            field.data = checked(wanted, typed, self._country) if typed else _missing(wanted)
        except DomainError as error:
            field.errors = [error.sentence]
        return not field.errors

    @property
    def _country(self) -> str:
        return str(self.response.survey.organisation.country)


def _ways(channels: tuple[str, ...]) -> list[tuple[str, Any]]:
    named = {"mail": _l("By mail"), **WAYS}
    return [
        *((c, named[c]) for c in channels),
        ("page", _("On this page")),
        ("none", _("You need not report back")),
    ]


def _otherwise(channels: tuple[str, ...]) -> dict[str, Any]:
    if not set(channels) & set(OFFERED):
        return {}
    ways = choices(OTHERWISE.items())
    return {
        "otherwise": RadioField(
            _l("If we do not reach you in that way"), validators=[Optional()], choices=ways
        )
    }


def _one_address(text: str | None) -> str:
    return one_line(text or "", 320)


def _missing(channel: str) -> str:
    raise DomainError({
        "mail": _("Fill in your mail address, or choose to hear on this page."),
        "post": _("Fill in your postal address, or choose to hear on this page."),
        "phone": _("Fill in your phone number, or choose to hear on this page."),
    }[ADDRESSED[channel]])  # fmt: skip
