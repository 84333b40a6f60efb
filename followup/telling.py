"""What is about to be told: an action about some comments, or the words of a digest; a piece of it for each response."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.db import db
from followup.beside import Beside, Wish, of_tags, with_wish
from followup.digests.actions import planned_in
from followup.digests.corrections import put_right, said_in_digests, since
from followup.digests.rounds import words_for
from followup.letters import Piece, as_answer, piece
from followup.plans.planning import awaits_a_plan, owed_for, plans_of
from followup.threads import answering_after
from promises.models import Promise
from promises.opening import follower
from surveys.models_responses import Response
from triage.commenting import comments_of
from triage.models import Action, Comment, Tag
from triage.tagging import open_promise_of


class Told(Protocol):
    """What is about to be told, and to whom."""

    @property
    def now(self) -> datetime: ...
    @property
    def at_once(self) -> bool: ...
    def piece(self, response: Response, status: str) -> Piece: ...
    def comments(self, response: Response) -> int: ...
    def waiting(self, response: Response) -> int: ...
    def speaks(self, language: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class NewTags:
    """One action about these comments."""

    action: Action
    about: Collection[Comment]
    now: datetime
    wishes: Mapping[int, Wish] = field(default_factory=dict)
    """comment → what its respondent reads with it, and nobody else"""

    @property
    def at_once(self) -> bool:
        """What puts something right waits for no other day."""
        return self.action.corrects_id is not None

    def piece(self, response: Response, status: str) -> Piece:
        """As composing makes it: what was tagged and not told yet, and the new action last."""
        told: list[tuple[Comment, Action]] = []
        waiting: list[Tag] = []
        for comment in comments_of(response):
            waiting += [t for t in comment.tags if t.told_at is None and t.withdrawn_at is None]
            told += [(comment, t.action) for t in waiting if t.comment_id == comment.id]
            told += [(comment, self.action)] if comment in self.about else []
        quotes = list(dict.fromkeys(c.text for c, _action in told if c.text))
        actions = list(dict.fromkeys(action for _comment, action in told))
        made = piece(
            response, quotes, actions, status, announced=_announced(response, actions, self.now),
            beside=self._beside(response, waiting),
        )  # fmt: skip
        return as_answer(made, answering_after(response, [c.reopened_at for c in comments_of(response)]))

    def _beside(self, response: Response, waiting: Iterable[Tag]) -> dict[Action, Beside]:
        wish = next((self.wishes[c.id] for c in comments_of(response) if c.id in self.wishes), Wish())
        return with_wish(of_tags(waiting), self.action, wish)

    def comments(self, response: Response) -> int:
        return sum(c.response_id == response.id for c in self.about)

    def waiting(self, response: Response) -> int:
        others = (c for c in comments_of(response) if c not in self.about)
        return sum(c.state(self.now) == "open" for c in others)

    def speaks(self, language: str) -> bool:
        return bool(self.action.public_note.get(language))


@dataclass(frozen=True, slots=True)
class NewRight:
    """What puts right what stood in a digest, which its readers heard."""

    wrong: Action
    right: Action
    now: datetime
    at_once: bool = True

    def piece(self, response: Response, status: str) -> Piece:
        return put_right(response, [(self._stood(response), self.right)], status, self._goes_on(response))

    def _stood(self, response: Response) -> Action:
        """A plan that is done is shown as it will be; nothing that stood there was wrong then."""
        if self.right.corrects_id != self.wrong.id:
            return self.right
        return db.session.get_one(Action, dict(said_in_digests(self.wrong))[response.round_id])

    def _goes_on(self, response: Response) -> Promise | None:
        """What they wait for besides, or from then on."""
        held = open_promise_of(response)
        if held and not awaits_a_plan(held):
            return held
        plans = [p for p in plans_of(response, [self.right]) if p is not self.wrong]
        return _promised(response, plans, self.now)

    def comments(self, response: Response) -> int:  # noqa: ARG002 - a bare score has none
        return 0

    def waiting(self, response: Response) -> int:  # noqa: ARG002
        return 0

    def speaks(self, language: str) -> bool:
        return bool(self.right.public_note.get(language))


@dataclass(frozen=True, slots=True)
class NewDigest:
    """The words of a digest, by language."""

    words: Mapping[str, str]
    now: datetime
    tells: Collection[int] | None = None
    """actions that words tell which are not kept yet"""
    at_once: bool = False

    def piece(self, response: Response, status: str) -> Piece:
        plans = [*planned_in(response.round, self.tells), *(c.action for c in since(response.round))]
        announced = _announced(response, plans, self.now)
        return piece(response, [], [], status, words_for(response, self.words), announced=announced)

    def comments(self, response: Response) -> int:  # noqa: ARG002 - a bare score has none
        return 0

    def waiting(self, response: Response) -> int:  # noqa: ARG002
        return 0

    def speaks(self, language: str) -> bool:
        return bool(self.words.get(language))


def _announced(response: Response, actions: list[Action], now: datetime) -> Promise | None:
    """What the same message will promise, where something is planned; not kept."""
    return _promised(response, plans_of(response, actions), now)


def _promised(response: Response, plans: list[Action], now: datetime) -> Promise | None:
    owed = owed_for(response, plans, now)
    if not owed:
        return None
    return Promise(
        organisation_id=response.organisation_id, response=response, kind=owed.kind, because="planned",
        who=follower(response.survey, now, owed.who), channel=response.channel, due_at=owed.due_at, due_on=owed.due_on, opened_at=now,
    )  # fmt: skip
