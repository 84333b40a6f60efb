"""In which ways besides mail and a page of their own people may choose to hear, as their organisation offers them."""

from typing import NamedTuple

from core.models import Organisation
from outbox.channels import OFFERED


class Offer(NamedTuple):
    """`country`: where a phone number is from that does not say so."""

    channels: tuple[str, ...] = ()
    country: str = "NL"
    own_page: bool = True
    """Whether an address of their own reaches them: not somebody on the phone."""
    own_browser: bool = True
    """Whether the browser is theirs and may fill in who they are: not a colleague's, and not one that many use."""

    @property
    def by_number(self) -> bool:
        return "phone" in self.channels or "sms" in self.channels


def offer_of(organisation: Organisation) -> Offer:
    return Offer(tuple(c for c in OFFERED if c in organisation.channels), organisation.country)
