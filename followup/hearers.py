"""How many people hear something that was told about some comments, by which channel, and who cannot be reached and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from followup.reaching import people, unreachable
from surveys.models import Response
from triage.models import Comment


@dataclass(frozen=True, slots=True)
class Hearers:
    """`mails` and `pages` count people; `unreached`: reason of the ledger → people."""

    mails: int
    pages: int
    unreached: dict[str, int]
    reached: tuple[int, ...]
    """responses that hear it"""

    @property
    def all(self) -> int:
        return self.mails + self.pages + sum(self.unreached.values())

    def first(self, most: int) -> set[int]:
        return set(self.reached[:most])


def hearers(comments: Iterable[Comment]) -> Hearers:
    """One message reaches one person, whatever it is about."""
    groups = [(group, unreachable(group[0])) for group in people(comments)]
    reached = [group for group, why_not in groups if not why_not]
    return Hearers(
        mails=sum(_by_mail(group[0]) for group in reached),
        pages=sum(not _by_mail(group[0]) for group in reached),
        unreached=dict(Counter(why_not for _group, why_not in groups if why_not)),
        reached=tuple(response.id for group in reached for response in group),
    )


def _by_mail(response: Response) -> bool:
    return response.channel == "mail"
