"""Judge an address, or send words to an outlet, now: for a person who waits for it. Never inside a transaction."""

import re

from core.models import Organisation
from core.settings import settings
from outbox.holding import held
from outbox.models_outlets import Outlet
from outbox.outlets.addresses import GATEWAYS, PLAIN, SERVICES
from outbox.outlets.errands import Errand, Outcome, run

LONGEST = 2000
_FORM = re.compile(r"([a-z]+)://[!-~]+", re.IGNORECASE)


def judge(address: str, organisation: Organisation) -> Outcome:
    """Whether alerts may go there; sealed, when they may."""
    return ask(address, organisation)


def ask(address: str, organisation: Organisation, *, texts: bool = False) -> Outcome:
    """What a child process says of an address; what is none at all is seen without one."""
    form = _FORM.fullmatch(address.strip())
    if not form or len(address) > LONGEST:
        return Outcome("address")
    if form[1].lower() not in {*(GATEWAYS if texts else SERVICES), *PLAIN, "https"}:
        return Outcome("service")
    return run([Errand(address=address.strip(), only_permitted=stays(organisation), texts=texts)])[0]


def send(outlet: Outlet, title: str, body: str) -> Outcome:
    if outlet.removed_at:
        return Outcome("removed")
    if held():
        return Outcome("held")
    return run([errand(outlet, title, body)])[0]


def errand(outlet: Outlet, title: str, body: str) -> Errand:
    return Errand(sealed=outlet.sealed, title=title, body=body, only_permitted=stays(outlet.organisation))


def stays(organisation: Organisation) -> bool:
    """A demo writes to nobody outside, and without a mail server nothing leaves the machine (R20)."""
    return organisation.demo or not settings().smtp_url
