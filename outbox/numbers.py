"""Numbers that can be called: by their form, and what time it is where they ring."""

from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _

from core import clock
from core.errors import DomainError
from core.text import one_line

MORNING, EVENING = time(9), time(20)
"""Between these nobody minds the phone; before and after nobody is called or texted."""


class There(NamedTuple):
    """The hour where a number rings; `quiet`: not now."""

    timezone: str
    now: datetime
    quiet: bool


def checked_number(text: str, country: str) -> str:
    """A number by its form, as it is dialled from anywhere; DomainError with a sentence when it cannot be one."""
    import phonenumbers  # only who gives a number waits for it

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if not number or not phonenumbers.is_valid_number(number):
        raise DomainError(
            _("“%(text)s” is not a phone number. An example is 043 123 45 67.", text=one_line(text, 40))
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def checked_mobile(text: str, country: str) -> str:
    """As `checked_number`, where a text message can arrive: a fixed line would read it to nobody."""
    import phonenumbers

    number = checked_number(text, country)
    if _is_fixed(phonenumbers.parse(number)):
        raise DomainError(
            _(
                "“%(text)s” is a fixed line, which gets no text messages. Give the number of a mobile phone.",
                text=one_line(text, 40),
            )
        )
    return number


def dialled(number: str) -> str:
    """A number as a gateway wants it, +31612345678; nothing for what is none, and for a fixed line."""
    import phonenumbers

    try:
        found = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    form = phonenumbers.PhoneNumberFormat.E164
    return (
        phonenumbers.format_number(found, form)
        if phonenumbers.is_valid_number(found) and not _is_fixed(found)
        else ""
    )


def _is_fixed(number: Any) -> bool:
    """Certainly: where a country does not tell them apart, it is not."""
    import phonenumbers

    return bool(phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE)


def wakes_at(number: str, timezone: str, now: datetime) -> datetime | None:
    """When the quiet hours end where it rings; None when it may ring now."""
    found = there(number, timezone, now)
    if not found.quiet:
        return None
    day = found.now.date() + timedelta(days=1 if found.now.time() >= EVENING else 0)
    return clock.at(day, MORNING, found.timezone)


def there(number: str, timezone: str, now: datetime) -> There:
    """By the number where it says so; a country of many hours, and a number of nowhere, is where the organisation is."""
    zone = _zone(number) or timezone
    local = clock.local(now, zone)
    return There(zone, local, not MORNING <= local.time() < EVENING)


def _zone(number: str) -> str:
    import phonenumbers
    from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

    try:
        zones = time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    return str(zones[0]) if len(zones) == 1 and zones[0] != UNKNOWN_TIMEZONE else ""
