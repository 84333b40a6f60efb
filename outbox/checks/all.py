"""Everything that is looked at about mail, in the order in which it is mended."""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from core.findings import Check, Finding, attention
from core.settings import settings
from outbox.checks.dkim_key import dkim
from outbox.checks.dmarc import dmarc
from outbox.checks.ptr import ptr
from outbox.checks.sender import links, sender
from outbox.checks.server import server
from outbox.checks.spf import spf

MAIL: tuple[Check, ...] = (server, sender, links, spf, dkim, dmarc, ptr)


def mail(now: datetime) -> Iterator[Finding]:
    """Where nothing leaves the machine, nobody is asked."""
    if not settings().smtp_url:
        yield attention(
            _("Mail server"),
            _("None is set: nothing leaves this machine, and every message can be read under /mailbox."),
            _("Set SMTP_URL, such as smtp://user:password@mail.your-domain:587?starttls=1, and start again."),
        )
        return
    for check in MAIL:
        yield from check(now)
