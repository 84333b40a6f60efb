"""Whom this installation may write to at all."""

from collections.abc import Collection

from core.settings import Settings
from outbox.addresses import domain, is_reserved
from outbox.letters import Letter, Outcome


def refusal(letter: Letter, demo_ids: Collection[int], settings: Settings) -> Outcome | None:
    """Why this message may not leave the machine; None when it may."""
    if letter.organisation_id in demo_ids and not is_reserved(letter.recipient):
        return _refused("A demo writes only to reserved addresses, such as rita@example.com.")
    if settings.mail_allow and domain(letter.recipient) not in {d.casefold() for d in settings.mail_allow}:
        return _refused(f"MAIL_ALLOW does not list {domain(letter.recipient)}.")
    return None


def _refused(why: str) -> Outcome:
    return Outcome("failed", reply=why, asked=False)
