"""A page of the inbox, each comment with the action that it will probably get; what nobody can tell by the words on top."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, select, union_all

from core.db import db
from core.text import word_keys
from triage.concepts import concepts_of
from triage.inbox.marks import mark
from triage.inbox.rows import Row
from triage.likely import LIKELY, Guess, Likely, Said, pieces, said_by
from triage.models import Action, Tag
from triage.models_index import CommentIndex

EXAMPLES = 40
"""Of each action, so many of the comments that got it last: it costs the same however many there are."""
KEYS = "123456789cdfghilmopqrtuvwy"
"""Of an action each; the other letters have work to do already. There are as many actions as keys."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Of a line each, of those that are not sure; at the top, where most of them are wrong, j is as near."""
OWN = 2
"""An action's own words were chosen with care: they teach as much as so many comments."""
OTHERS = 2
"""So many actions after the most probable one are a letter away."""
SCORES = {True: (5, 4), False: (1, 2, 3)}
"""What is usually given by those who are only thanked, and by the others."""
CAME_BACK = ("not_clear", "not_solved")
_DATES = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Line:
    row: Row
    guess: Guess | None
    letter: str = ""
    """Puts the next most probable action there."""

    @property
    def action_id(self) -> int:
        """What is chosen beforehand; 0: a person chooses."""
        return self.guess.action_id if self.guess and self.place >= LIKELY else 0

    @property
    def sure(self) -> bool:
        return bool(self.guess and self.guess.sure and not self.by_hand)

    @property
    def likely(self) -> tuple[int, ...]:
        """What its letter goes round: the most probable action and those after it."""
        found = self.guess.likely[: OTHERS + 1] if self.guess and self.action_id else ()
        return found if len(found) > 1 else ()

    @property
    def by_hand(self) -> bool:
        """It came back, or holds a threat: whatever its words are like, somebody thinks about it first."""
        return bool(self.row.escalated or self.row.threat or self.row.because in CAME_BACK)

    @property
    def place(self) -> float:
        return self.guess.sureness if self.guess and not self.by_hand else 0


def sorted_lines(rows: Sequence[Row], actions: Sequence[Action]) -> list[Line]:
    """The least sure first."""
    likely, said = learned(actions), _tokens([row.id for row in rows])
    lines = [Line(row, likely.guess(said_by(said.get(row.id, "")))) for row in rows]
    return _lettered(sorted(lines, key=lambda line: line.place))


def _lettered(lines: list[Line]) -> list[Line]:
    unsure = [line.row.id for line in lines if line.likely and not line.sure][-len(LETTERS) :]
    letters = dict(zip(unsure, LETTERS, strict=False))
    return [replace(line, letter=letters.get(line.row.id, "")) for line in lines]


def learned(actions: Sequence[Action]) -> Likely:
    """From what colleagues answered with these actions last, and from the words of the actions themselves."""
    own = [(action.id, _own(action)) for action in actions]
    return Likely([*own * OWN, *((id, said_by(line)) for id, line in _examples(actions))])


def _own(action: Action) -> Said:
    """What the action itself says, in every language it is written in."""
    notes = {language: _DATES.sub(" ", text) for language, text in action.public_note.items()}
    words = word_keys(" ".join([action.title, *notes.values(), action.reason]))
    meant = dict.fromkeys(c for language, text in notes.items() for c in concepts_of(text, language))
    return Said(pieces(words), [mark("score", n) for n in SCORES[action.kind == "thanks"]], list(meant))


def _examples(actions: Sequence[Action]) -> list[tuple[int, str]]:
    """(action, the line by which a comment is found that has it)"""
    if not actions:
        return []
    last = union_all(*(_last(action.id) for action in actions)).subquery()
    line = select(last.c.action_id, CommentIndex.tokens)
    found = db.session.execute(line.join(CommentIndex, CommentIndex.comment_id == last.c.comment_id))
    return [(action_id, line) for action_id, line in found]


def _last(action_id: int) -> Select[Any]:
    given = select(Tag.action_id, Tag.comment_id).where(
        Tag.action_id == action_id, Tag.withdrawn_at.is_(None)
    )
    return select(given.order_by(Tag.id.desc()).limit(EXAMPLES).subquery())


def _tokens(ids: list[int]) -> dict[int, str]:
    line = select(CommentIndex.comment_id, CommentIndex.tokens).where(CommentIndex.comment_id.in_(ids))
    return dict(db.session.execute(line).all())
