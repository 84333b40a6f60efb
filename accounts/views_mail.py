"""An admin's desk: what is set about mail, whether it works, and a letter to try it. What is set is set where the product runs."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.models import Staff
from accounts.own_account import me
from accounts.views_organisation import blueprint, here
from core import clock
from core.access import Role, access, require
from core.db import writing
from core.errors import TooOften
from core.findings import Finding
from core.links import public_url
from core.settings import Settings, settings
from outbox import tries
from outbox.channels.connecting import port_of


@dataclass(slots=True)
class Shown:
    """What came of a button."""

    findings: list[Finding] = field(default_factory=list)
    conversation: object = None
    refused: str = ""


@blueprint.get("/settings/mail")
@require(Role.admin)
def mail() -> ResponseReturnValue:
    """What is set; never a password. Nobody is asked before somebody presses a button."""
    return _page(Shown())


def _page(shown: Shown, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "accounts/mail.html",
        set_to=set_to(settings()),
        shown=shown,
        to=_asker().email,
        leaves=bool(settings().smtp_url),
    ), status


def _asker() -> Staff:
    return me(int(access().staff_id or 0))


def set_to(held: Settings) -> list[tuple[str, str]]:
    """(setting, what it is) in the order in which they are set."""
    return [
        ("SMTP_URL", _server(held.smtp_url)),
        ("MAIL_FROM", held.mail_from),
        ("MAIL_DOMAIN", held.domain),
        ("DKIM_SELECTOR", held.dkim_selector if held.dkim_key else _("not set: we do not sign ourselves")),
        ("IMAP_URL", _server(held.imap_url) if held.imap_url else _("not set: answers go to MAIL_FROM")),
        ("MAIL_ALLOW", ", ".join(held.mail_allow) or _("not set: everybody may be written to")),
        ("PUBLIC_URL", held.address),
    ]


def _server(url: str) -> str:
    """Host and port, how private it is, and as whom we sign in; the password is not even hidden here: it is not here."""
    if not url:
        return _("not set: nothing leaves this machine")
    parts = urlsplit(url)
    host = f"{parts.hostname}:{port_of(parts)}" if parts.scheme.startswith("smtp") else str(parts.hostname)
    tls = parts.scheme.endswith("s") or parse_qs(parts.query).get("starttls") == ["1"]
    known = _("signed in as %(user)s", user=parts.username) if parts.username else _("without signing in")
    return ", ".join((host, _("with TLS") if tls else _("in the open"), known))


@blueprint.post("/settings/mail/check")
@require(Role.admin)
def check_mail() -> ResponseReturnValue:
    """Ask the DNS and the mail server now; nothing is sent."""
    from outbox.checks.all import mail as looked_at

    try:
        _count("mail.checked")
    except TooOften as again:
        return _page(Shown(refused=again.sentence), again.status)
    return _page(Shown(findings=list(looked_at(clock.now()))))


@blueprint.post("/settings/mail/test")
@require(Role.admin)
def send_test() -> ResponseReturnValue:
    """A letter to whoever presses, and to nobody else; what was said stands on the page."""
    from outbox import trial_letter

    to = _asker().email
    if why_not := trial_letter.refusal(here(), to):
        return _page(Shown(refused=why_not), 422)
    try:
        _count("mail.tried")
    except TooOften as again:
        return _page(Shown(refused=again.sentence), again.status)
    subject, text = _("%(name)s: this is a test", name=here().name), _words()
    return _page(Shown(conversation=trial_letter.send(here(), to, subject, text, clock.now())))


def _words() -> str:
    return (
        _(
            "This mail was sent by the button on %(address)s. It arrived, so mail works.",
            address=public_url("/settings/mail"),
        )
        + "\n"
    )


def _count(verb: str) -> None:
    """Written down before anybody is called."""
    with writing():
        tries.count(verb, access().organisation_id, ("organisation", access().organisation_id), clock.now())
