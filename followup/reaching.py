"""Who is reached by what is told about some comments, in one message each, and who is not."""

from collections.abc import Iterable, Iterator

from outbox.suppressing import suppression
from surveys.models import Response
from triage.models import Comment


def people(comments: Iterable[Comment]) -> Iterator[list[Response]]:
    """What goes to one address goes in one message; a page is one response's."""
    groups: dict[str, dict[int, Response]] = {}
    for response in (c.response for c in comments):
        key = (
            f"i{response.identity_id}"
            if response.channel == "mail" and response.identity_id
            else f"r{response.id}"
        )
        groups.setdefault(key, {})[response.id] = response
    yield from (list(group.values()) for group in groups.values())


def unreachable(response: Response) -> str:
    """Why this respondent will not be told: a reason of the ledger, or nothing."""
    for reason, so in (
        ("erased", response.erased_at),
        ("history", response.history),
        ("declined", response.declined_at),
    ):
        if so:
            return reason
    if response.channel != "mail" or not response.identity:
        return ""
    blocked = suppression(response.organisation_id, response.identity.value)
    return "" if not blocked else "unsubscribed" if blocked.reason == "unsubscribed" else "suppressed"
