"""What the inbox offers to choose from: to be narrowed to, and to label many comments with.

No form of the library: there is nothing to judge, since what does not exist matches nothing, and ten fields cost the page
as much as the comments on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from flask_babel import gettext as _

from core.access import access
from core.application import LANGUAGES, language_name, words
from core.rows import some
from surveys.emotions import EMOTIONS
from surveys.queries import COLLEAGUES
from triage import wording
from triage.inbox.filters import SCORES, Filters
from triage.queries import SURVEYS, THEMES

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One list of (value, words), and the value that is chosen."""

    name: str
    label: str
    pairs: Pairs
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """What the organisation has, as (value, words); themes by their key and by their number."""

    surveys: Pairs
    keys: Pairs
    themes: Pairs
    colleagues: Pairs
    emotions: Pairs

    @classmethod
    def read(cls) -> Self:
        ours = {"organisation_id": access().organisation_id}
        themes = [(t.id, t.key, words(t.name)) for t in some(THEMES, **ours)]
        return cls(
            surveys=[(s.slug, words(s.title, s.language)) for s in some(SURVEYS, **ours)],
            keys=[(key, said) for _id, key, said in themes],
            themes=[(str(id), said) for id, _key, said in themes],
            colleagues=[(str(s.id), s.name) for s in some(COLLEAGUES, **ours)],
            emotions=_said(EMOTIONS),
        )

    def filters(self, wanted: Filters) -> list[Choice]:
        """In the order of the page; the state is a row of links beside it, and a round and a customer are come from."""
        mine = [("me", _("mine")), ("nobody", _("nobody's"))]
        lists = {
            "survey": (_("Survey"), self.surveys),
            "emotion": (_("Emotion"), self.emotions),
            "theme": (_("Theme"), self.keys),
            "score": (_("Score"), [(score, score) for score in SCORES]),
            "channel": (_("They hear"), _said(wording.CHANNELS)),
            "language": (_("Language"), [(code, language_name(code)) for code in LANGUAGES]),
            "assignee": (_("Whose it is"), [*mine, *self.colleagues]),
        }
        return [_filter(name, label, pairs, getattr(wanted, name)) for name, (label, pairs) in lists.items()]

    def labels(self) -> list[Choice]:
        """What many are labelled with at once; none of it is chosen beforehand."""
        as_it_is = [("", _("as it is"))]
        whose = [*as_it_is, ("nobody", _("nobody yet")), *self.colleagues]
        return [
            Choice("give_to", _("Whose it is"), whose),
            Choice("give_theme", _("Theme"), [*as_it_is, *self.themes]),
            Choice("give_emotion", _("Emotion"), [*as_it_is, *self.emotions]),
        ]


def _said(lazy: Mapping[str, object]) -> Pairs:
    return [(key, str(label)) for key, label in lazy.items()]


def _filter(name: str, label: str, pairs: Iterable[tuple[str, str]], asked: str) -> Choice:
    """What is asked for stands among them also when there is no such thing."""
    known = [("", _("all")), *pairs]
    return Choice(name, label, known if asked in dict(known) else [*known, (asked, asked)], asked)
