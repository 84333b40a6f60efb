"""What mail says it comes from, and where its links lead."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _

from core.findings import Finding, attention, broken, ok
from core.settings import settings
from outbox.addresses import domain, is_reserved
from outbox.checks.server import at_home


def sender(_now: datetime) -> Iterator[Finding]:
    name, mail = _("Sender"), settings().mail_from
    if "." not in domain(mail) or is_reserved(mail):
        yield broken(
            name,
            _("Mail would come from %(mail)s, which exists nowhere.", mail=mail),
            _("Set MAIL_FROM to an address in a domain of your own, such as feedback@your-domain."),
        )
    else:
        yield ok(name, _("Mail comes from %(mail)s.", mail=mail))


def links(_now: datetime) -> Iterator[Finding]:
    name, address = _("Links in mails"), settings().address
    if at_home(str(urlsplit(address).hostname)):
        yield attention(
            name,
            _("They lead to %(address)s, which only this machine or network can open.", address=address),
            _("Set PUBLIC_URL to the address that your customers reach."),
        )
    else:
        yield ok(name, _("They begin with %(address)s.", address=address))
