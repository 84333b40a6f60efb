"""What to do about a mail server whose door did not open, by what it broke on."""

import smtplib
import socket
import ssl
from urllib.parse import SplitResult

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from outbox.channels.connecting import port_of

REMEDIES = (
    (smtplib.SMTPAuthenticationError, _l("Look at the name and the password in SMTP_URL; some providers want a password for programs, made in their own settings.")),
    (ssl.SSLCertVerificationError, _l("Use in SMTP_URL the name that stands in the server’s certificate, and let the server show all of it. It is never passed over.")),
    (ssl.SSLError, _l("Port and kind of encryption do not fit each other: smtps:// goes with 465, “?starttls=1” with 587.")),
    (smtplib.SMTPNotSupportedError, _l("The server offers no STARTTLS or no sign-in at this port: try 587, or smtps:// at 465.")),
    (smtplib.SMTPSenderRefused, _l("The server does not let us send from MAIL_FROM: use an address that belongs to the name in SMTP_URL.")),
    (smtplib.SMTPRecipientsRefused, _l("The server does not take mail for this address: look at its words, and at your own address.")),
    (smtplib.SMTPDataError, _l("The server read the letter and refused it: its words say why. Mostly SPF, DKIM or the reputation of its address.")),
    (socket.gaierror, _l("There is no such name: look at the host in SMTP_URL.")),
    (ConnectionRefusedError, _l("Nothing listens there: look at the port in SMTP_URL (587 with “?starttls=1”, or smtps:// at 465).")),
)  # fmt: skip
"""The narrower kind of error comes first."""


def remedy(error: Exception, url: SplitResult) -> str:
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return _(
            "Nobody answered: look at host and port in SMTP_URL, and whether a firewall lets port %(port)s out.",
            port=port_of(url),
        )
    found = (str(words) for kind, words in REMEDIES if isinstance(error, kind))
    return next(found, _("These are the server’s own words: give them to whoever looks after it."))
