"""A claimed message as plain values: what the sender works with while no transaction is open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Letter:
    """A copy of the row and its words, with the fence of this claim. The field names are the columns'; no words: they are lost."""

    id: int
    organisation_id: int
    key: str
    kind: str
    recipient: str
    recipient_key: str
    domain: str
    recipient_name: str
    sender_name: str
    subject: str
    text: str | None
    html: str | None
    slot: str
    links: dict[str, Any]
    headers: dict[str, str]
    secret: bool
    created_at: datetime
    expires_at: datetime
    next_attempt_at: datetime
    tries: int
    fence: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """What goes over the wire: two addresses and the bytes, the same at every try."""

    sender: str
    recipient: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. `state` is sent, retry, failed or unknown.

    `suppress`: the address does not exist. `alarm`: a person must look. `everyone`: it was not about this
    message, so that the others of the batch wait too. `kept`: it never left the machine. `asked`: a server
    was asked about this very message.
    """

    state: str
    code: int | None = None
    reply: str = ""
    suppress: bool = False
    alarm: bool = False
    everyone: bool = False
    kept: bool = False
    asked: bool = True
