"""A part of those who answered: who hears by one channel, or answered in one language; and whether it may be shown."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.application import language_name
from core.errors import DomainError
from core.languages import WRITTEN
from reports.groups import LEAST, OTHERS
from reports.moods.moods import held_back
from triage.wording import CHANNELS

Pairs = Mapping[tuple[str, str], int]
"""(channel, language) → people"""

TOO_SMALL = _l(
    "These are too few people, or all others are: figures of fewer than %(least)s people are not shown, so that nobody can be read from them. Choose more of them, or more days.",
    least=LEAST,
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Empty: everybody."""

    channel: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return bool(self.channel or self.language)

    def check(self) -> None:
        """DomainError for what there is not."""
        if self.channel and self.channel not in CHANNELS:
            raise DomainError(
                _("“%(text)s” is no way to hear. Choose one from the list.", text=self.channel[:40])
            )
        if self.language and self.language not in WRITTEN:
            raise DomainError(
                _("“%(text)s” is no language here. Choose one from the list.", text=self.language[:40])
            )

    @property
    def words(self) -> str:
        """Whose figures these are; empty for everybody's."""
        channel = CHANNELS.get(self.channel, self.channel)
        language = language_name(self.language) if self.language else ""
        if channel and language:
            return _(
                "Only people who hear %(channel)s, and answered in %(language)s.",
                channel=channel,
                language=language,
            )
        if channel:
            return _("Only people who hear %(channel)s.", channel=channel)
        return _("Only people who answered in %(language)s.", language=language) if language else ""


EVERYBODY = Narrowed()


def may_be_shown(people: Pairs, only: Narrowed) -> bool:
    """Neither they nor anybody else can be read from it: not by itself, nor by taking what is shown from the whole.

    By one filter: what is too small goes together with the smallest other one. By both at once: only where every meeting of
    a channel and a language that are shown holds nobody or enough, since with sums both ways one gap is filled by the others.
    """
    channels, languages = (held_back(_along(people, side), LEAST) for side in (0, 1))
    if only.channel in channels or only.language in languages:
        return False
    if not (only.channel and only.language):
        return True
    met: Counter[tuple[str, str]] = Counter()
    for (channel, language), n in people.items():
        met[OTHERS if channel in channels else channel, OTHERS if language in languages else language] += n
    return all(n >= LEAST for n in met.values() if n)


def _along(people: Pairs, side: int) -> Counter[str]:
    counted: Counter[str] = Counter()
    for pair, n in people.items():
        counted[pair[side]] += n
    return counted
