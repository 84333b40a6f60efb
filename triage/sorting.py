"""A page of the inbox, each comment with the action that it will probably get; what nobody can tell by the words on top."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, union_all

from core.db import db
from core.text import word_keys
from triage.likely import Guess, Likely, pieces
from triage.models import Action, CommentIndex, Tag
from triage.rows import Row

EXAMPLES = 40
"""Of each action, so many of the comments that got it last: it costs the same however many there are."""
KEYS = "123456789cdfghilmopqrtuvwy"
"""Of an action each; the other letters have work to do already. There are as many actions as keys."""
CAME_BACK = ("not_clear", "not_solved")
_DATES = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Line:
    row: Row
    guess: Guess | None

    @property
    def action_id(self) -> int:
        """What is chosen beforehand; 0: a person chooses."""
        return self.guess.action_id if self.guess and self.guess.sure and not self.by_hand else 0

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
    lines = [Line(row, likely.guess(pieces(said.get(row.id, "").split()))) for row in rows]
    return sorted(lines, key=lambda line: line.place)


def learned(actions: Sequence[Action]) -> Likely:
    """From what colleagues answered with these actions last, and from the words of the actions themselves."""
    own = [(action.id, pieces(word_keys(_words(action)))) for action in actions]
    return Likely([*own, *((id, pieces(line.split())) for id, line in _examples(actions))])


def _words(action: Action) -> str:
    return _DATES.sub(" ", " ".join([action.title, *action.public_note.values(), action.reason]))


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
