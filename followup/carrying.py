"""Put a letter into a message, or onto the respondent's own page: the one place where updates are frozen."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from core import clock, links, rows
from core.text import search_key
from customers.models import Identity
from followup.letters import Letter
from followup.rendering import page_words
from followup.spoken import in_the_words_of
from followup.threads import refusals_are_told
from outbox.channels import BY_ITSELF
from outbox.freezing import FOR_A_YEAR, THREE_DAYS, freeze
from outbox.models import Message
from outbox.slots import new_slot, slot_link
from outbox.streams import PURPOSES
from promises.ending import conclude
from promises.models import Promise, Update
from surveys.models_responses import Response

LIMITED = ("update", "digest", "no_news", "moved", "progress", "default")
RECEIPTS_A_DAY = 3
IN_A_LETTER = 25
"""Answers that one letter is about, at most: nobody reads more, and others wait while it is written."""
IN_A_TEXT = 2
"""Answers that one text message has room for."""


def by_person(those: Iterable[tuple[int, int, int | None, str]]) -> Iterator[list[int]]:
    """Ids that belong in one letter, of (id, response, identity, channel): one person's through one channel, as they come."""
    found: dict[str, list[int]] = defaultdict(list)
    for id, response_id, identity_id, channel in those:
        found[f"{channel}{identity_id}" if channel != "page" and identity_id else f"r{response_id}"].append(
            id
        )
    for whom, ids in found.items():
        most = IN_A_TEXT if whom.startswith("sms") else IN_A_LETTER
        yield from (ids[start : start + most] for start in range(0, len(ids), most))


def written_to(promise: Promise) -> Identity | None:
    """The address that its words go to; None: onto their own page."""
    return promise.response.identity if promise.channel != "page" else None


class Envelope:
    """The personal links of one message: slots in its frozen bodies, filled when it is sent."""

    def __init__(self, identity: Identity, stream: str = "service", channel: str = "mail") -> None:
        self.identity, self.channel = identity, channel
        self.slot = new_slot()
        self.links: dict[str, tuple[str, int, int]] = {"unsubscribe": (PURPOSES[stream], identity.id, 1)}

    @property
    def unsubscribe(self) -> str:
        return slot_link(self.slot, "unsubscribe")

    def status(self, response: Response) -> str:
        name = f"status{response.id}"
        self.links[name] = ("status", response.id, response.link_version)
        return slot_link(self.slot, name)


Write = Callable[[str, str], Letter]
"""(address of the status page, of "stop these messages") → the letter; both are empty for somebody's own page."""


def tell_ending(
    promise: Promise, how: str, write: Write, now: datetime, following: Promise | None = None, kind: str = "",
    said: Message | None = None,
) -> Update:  # fmt: skip
    """End one promise in words, and promise what follows: by the channel it was promised by, on their own page always.

    `kind` of message: `how` they are told, unless said. `said`: a message that says just this to them already.
    """
    response = promise.response
    identity = written_to(promise)
    envelope = Envelope(identity, channel=promise.channel) if identity else None
    written = write(envelope.status(response), envelope.unsubscribe) if envelope else write("", "")
    fresh = envelope and not said
    message = send(envelope, written, kind or how, response.language, now) if fresh and envelope else said
    return conclude(promise, how, message, page_words(written, response.language), now, following)


def send(envelope: Envelope, letter: Letter, kind: str, language: str, now: datetime) -> Message:
    """Queue one letter to one address, in the current transaction."""
    name, answered = letter.name or _on_the_envelope(envelope), letter.answers
    rendered = in_the_words_of(envelope.channel, letter, language, name)
    if answered and answered.refused:
        refusals_are_told(answered, now)
    return freeze(
        letter.organisation.id,
        kind,
        envelope.identity.value,
        rendered.subject,
        rendered.text,
        rendered.html,
        letter.signature.name,
        language,
        now,
        links=envelope.links,
        recipient_name=name,
        slot=envelope.slot,
        headers=answered.headers if answered else {},
        channel=envelope.channel,
        expires_in=THREE_DAYS if envelope.channel in BY_ITSELF else FOR_A_YEAR,
    )


def _on_the_envelope(envelope: Envelope) -> str:
    """A letter on paper goes to a name; without one the post brings it to nobody."""
    return envelope.identity.customer.name if envelope.channel == "letter" else ""


_WRITTEN = select(func.count(Message.id)).where(
    Message.organisation_id == bindparam("organisation_id"),
    Message.recipient_key == bindparam("key"),
    Message.created_at > bindparam("midnight"),
    Message.kind.in_(bindparam("kinds", expanding=True)),
)


def written_today(identity: Identity, timezone: str, now: datetime, kinds: tuple[str, ...] = LIMITED) -> int:
    """How many messages of these kinds this address was sent since local midnight."""
    midnight = clock.end_of_day(clock.local_date(now, timezone) - timedelta(days=1), timezone)
    found = rows.first(
        _WRITTEN, organisation_id=identity.organisation_id, key=links.keyed_hash(search_key(identity.value)), midnight=midnight, kinds=kinds
    )  # fmt: skip
    return found[0] if found else 0
