"""How and when a human can be reached: one record, on every page and in every mail."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_date
from flask_babel import gettext as _

from core import calendar, clock
from core.models import Organisation


@dataclass(frozen=True, slots=True)
class Reach:
    hours: str
    phone: str
    address: str
    mail: str


def reach(organisation: Organisation, now: datetime) -> Reach:
    """The organisation's record, with what holds at `now`, in the language of the reader."""
    return Reach(_hours(organisation, now), organisation.phone, organisation.address, organisation.mail)


def _hours(organisation: Organisation, now: datetime) -> str:
    closes = calendar.open_until(organisation, now)
    if closes:
        return _("Open now, until %(time)s.", time=closes.strftime("%H:%M"))
    opens = calendar.next_opening(organisation, now)
    return _open_again(clock.local(opens, organisation.timezone)) if opens else ""


def _open_again(local: datetime) -> str:
    day = format_date(local.date(), "EEEE d MMMM")
    return _("Closed now; open again on %(day)s from %(time)s.", day=day, time=local.strftime("%H:%M"))
