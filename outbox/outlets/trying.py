"""Judge an address, or send words to an outlet, now: for a person who waits for it. Never inside a transaction."""

import re

from core.models import Organisation
from core.settings import settings
from outbox.holding import held
from outbox.models_outlets import Outlet
from outbox.outlets.addresses import PLAIN, SERVICES
from outbox.outlets.errands import Errand, Outcome, run

LONGEST = 2000
_FORM = re.compile(r"([a-z]+)://[!-~]+", re.IGNORECASE)


def judge(address: str, organisation: Organisation) -> Outcome:
    """Whether alerts may go there; sealed, when they may. What is no address at all is seen without a child process."""
    form = _FORM.fullmatch(address.strip())
    if not form or len(address) > LONGEST:
        return Outcome("address")
    if form[1].lower() not in {*SERVICES, *PLAIN, "https"}:
        return Outcome("service")
    return run([Errand(address=address.strip(), only_permitted=_stays(organisation))])[0]


def send(outlet: Outlet, title: str, body: str) -> Outcome:
    if outlet.removed_at:
        return Outcome("removed")
    if held():
        return Outcome("held")
    return run([errand(outlet, title, body)])[0]


def errand(outlet: Outlet, title: str, body: str) -> Errand:
    return Errand(sealed=outlet.sealed, title=title, body=body, only_permitted=_stays(outlet.organisation))


def _stays(organisation: Organisation) -> bool:
    """A demo writes to nobody outside, and without a mail server nothing leaves the machine (R20)."""
    return organisation.demo or not settings().smtp_url
