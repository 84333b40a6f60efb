"""SPF (RFC 7208): which servers may send in the name of a domain."""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import gettext as _

from core.findings import Finding, attention, broken, ok, unknown
from core.settings import settings
from outbox.addresses import domain
from outbox.checks import names

NAME = "SPF"
MOST_LOOKUPS = 10
"""RFC 7208, 4.6.4: whoever asks for more is passed by nobody."""
_LOOKUP = re.compile(r"[+?~-]?(?:include:|a\b|mx\b|ptr\b|exists:)|redirect=")


def spf(_now: datetime) -> Iterator[Finding]:
    where = domain(settings().mail_from)
    try:
        found = [text for text in names.texts(where) if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]
    except names.NoAnswerError as why:
        yield unknown(NAME, str(why))
        return
    if len(found) == 1:
        yield _judged(found[0].lower(), where)
    elif found:
        yield broken(
            NAME,
            _("%(domain)s has %(n)s SPF records, so none counts.", domain=where, n=len(found)),
            _("Make one of them."),
        )
    else:
        yield broken(NAME, _("%(domain)s does not say who may send for it.", domain=where), _add(where))


def _add(where: str) -> str:
    host = urlsplit(settings().smtp_url).hostname or "mail." + where
    return _(
        "Add a TXT record at %(domain)s: %(record)s (or what the provider of your mail server gives for it).",
        domain=where, record=f"“v=spf1 a:{host} -all”",
    )  # fmt: skip


def _judged(record: str, where: str) -> Finding:
    terms = record.split()[1:]
    if any(term in {"all", "+all"} for term in terms):
        return broken(
            NAME,
            _("%(domain)s lets everybody send in its name.", domain=where),
            _("Let the record end with “-all”."),
        )
    if sum(bool(_LOOKUP.match(term)) for term in terms) > MOST_LOOKUPS:
        return broken(
            NAME,
            _(
                "The record of %(domain)s asks for more than %(n)s look-ups, so it counts nowhere.",
                domain=where,
                n=MOST_LOOKUPS,
            ),
            _("Take out what no longer sends for you."),
        )
    if not any(term in {"-all", "~all"} or term.startswith("redirect=") for term in terms):
        return attention(
            NAME,
            _("The record of %(domain)s does not say what others may not.", domain=where),
            _("Let the record end with “-all”."),
        )
    return ok(NAME, _("%(domain)s says who may send for it: %(record)s", domain=where, record=record))
