"""New comments are given to colleagues: to nobody, in turn, or by the first rule that fits.

It happens in the answer's own transaction. A turn is a number that the database gives out, so that two answers of
the same moment never get the same one. Whoever is away or has left is skipped in turn; where a rule names them,
the survey's signer or deputy stands in. When nobody is at their desk, it lies on nobody's.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from accounts.presence import present
from core import audit, rows
from core.db import db
from core.text import word_keys
from surveys.models import Survey
from surveys.models_responses import Response
from triage.models import Comment

WAYS = ("nobody", "in_turn", "rules")
TURN = "turn"
"""Instead of a colleague: whoever's turn it is."""
_TICKET = (
    update(Survey).where(Survey.id == bindparam("key")).values(turns=Survey.turns + 1).returning(Survey.turns)
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule can ask of a comment."""

    words: tuple[str, ...]
    score: int | None
    language: str
    channel: str
    emotion: str = ""
    themes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything it asks must hold; of `words`, parted by commas, one. What is empty is not asked."""

    to: int | str
    words: str = ""
    least: int | None = None
    most: int | None = None
    language: str = ""
    channel: str = ""
    emotion: str = ""
    theme: int | None = None

    @property
    def catches_all(self) -> bool:
        return self == Rule(self.to)

    def matches(self, facts: Facts) -> bool:
        same = (("language", self.language), ("channel", self.channel), ("emotion", self.emotion))
        return (
            all(not wanted or getattr(facts, name) == wanted for name, wanted in same)
            and (self.theme is None or self.theme in facts.themes)
            and self._scored(facts.score)
            and self._said(facts.words)
        )

    def _scored(self, score: int | None) -> bool:
        if self.least is None and self.most is None:
            return True
        return score is not None and (self.least or 0) <= score <= (10 if self.most is None else self.most)

    def _said(self, words: Collection[str]) -> bool:
        """Words are found by their beginning, as in the inbox; without letters there is nothing to look for."""
        if not self.words:
            return True
        terms = [keys for term in self.words.split(",") if (keys := word_keys(term))]
        return any(all(any(w.startswith(k) for w in words) for k in keys) for keys in terms)


@dataclass(frozen=True, slots=True)
class Plan:
    """`turns`: who take turns, in this order."""

    way: str = "nobody"
    turns: tuple[int, ...] = ()
    rules: tuple[Rule, ...] = ()

    def first(self, facts: Facts) -> int | None:
        """The place of the first rule that fits, from 0."""
        return next((n for n, rule in enumerate(self.rules) if rule.matches(facts)), None)

    @property
    def named(self) -> set[int]:
        return {*self.turns, *(rule.to for rule in self.rules if isinstance(rule.to, int))}

    def kept(self) -> dict[str, Any]:
        return {"way": self.way, "turns": list(self.turns), "rules": [asdict(rule) for rule in self.rules]}


@dataclass(frozen=True, slots=True)
class Given:
    """To whom; `rule` counts from 1 and is 0 where there are no rules; `instead_of` whom a rule names, and who is not here."""

    to: int
    rule: int = 0
    turn: bool = False
    instead_of: int | None = None

    def detail(self) -> dict[str, Any]:
        return {"staff_id": self.to, "rule": self.rule, "turn": self.turn, "instead_of": self.instead_of}


def plan_of(survey: Survey) -> Plan:
    kept = survey.assigning or {}
    rules = tuple(Rule(**rule) for rule in kept.get("rules", ()))
    return Plan(kept.get("way", "nobody"), tuple(kept.get("turns", ())), rules)


def choose_plan(survey: Survey, plan: Plan, now: datetime) -> None:
    """From the next comment on; those that are there stay where they are."""
    survey.assigning = plan.kept()
    audit.record("survey.assigning", survey, now, way=plan.way, rules=len(plan.rules))


def for_new(response: Response, text: str, emotion: Callable[[], str], now: datetime) -> Given | None:
    """Whose a comment becomes that is being written; `emotion` is asked for only where there are rules."""
    plan = plan_of(response.survey)
    if plan.way == "nobody":
        return None
    known = emotion() if plan.rules else ""
    facts = Facts(tuple(word_keys(text)), response.score, response.language, response.channel, known)
    return _given(response.survey, plan, facts, now)


def for_themes(comment: Comment, now: datetime) -> Given | None:
    """Whose one becomes that lies on nobody's desk and was just said to be about something: only rules by theme speak."""
    plan = plan_of(comment.response.survey)
    if plan.way != "rules" or comment.assignee_id:
        return None
    place = plan.first(facts := facts_of(comment))
    if place is None or not plan.rules[place].theme:
        return None
    return _given(comment.response.survey, plan, facts, now)


def facts_of(comment: Comment, guess: str = "") -> Facts:
    response, themes = comment.response, frozenset(t.id for t in comment.themes)
    words, emotion = tuple(word_keys(comment.text)), comment.emotion or guess
    return Facts(words, response.score, response.language, response.channel, emotion, themes)


def _given(survey: Survey, plan: Plan, facts: Facts, now: datetime) -> Given | None:
    if plan.way == "rules" and plan.first(facts) is None:
        return None
    asked = [*plan.named, survey.signer_id, *([survey.deputy_id] if survey.deputy_id else [])]
    here = present(survey.organisation_id, asked, now)
    return choose(survey, plan, facts, here, lambda: int((rows.first(_TICKET, key=survey.id) or [0])[0]))


def choose(
    survey: Survey, plan: Plan, facts: Facts, here: Collection[int], ticket: Callable[[], int]
) -> Given | None:
    """None for nobody: no rule fits, or nobody of those is `here`."""
    if plan.way == "in_turn":
        return _in_turn(plan, 0, here, ticket)
    place = plan.first(facts) if plan.way == "rules" else None
    if place is None:
        return None
    to = plan.rules[place].to
    if not isinstance(to, int):
        return _in_turn(plan, place + 1, here, ticket)
    others = [id for id in (to, survey.signer_id, survey.deputy_id) if id and id in here]
    return Given(others[0], place + 1, instead_of=to if others[0] != to else None) if others else None


def _in_turn(plan: Plan, rule: int, here: Collection[int], ticket: Callable[[], int]) -> Given | None:
    those = [id for id in plan.turns if id in here]
    return Given(those[(ticket() - 1) % len(those)], rule, turn=True) if those else None


@dataclass(slots=True)
class Preview:
    """What would have become of the last comments: by colleague, by rule, and how many lie on nobody's desk."""

    total: int = 0
    people: dict[int, int] = field(default_factory=dict)
    rules: list[int] = field(default_factory=list)
    nobody: int = 0


LAST = 100


def would_have_gone(survey: Survey, plan: Plan, guess: Callable[[Comment], str], now: datetime) -> Preview:
    """The last LAST comments of this survey, oldest first, as if whoever is here now had been here then."""
    newest = select(Comment).join(Response).where(Response.survey_id == survey.id).order_by(Comment.id.desc())
    comments = list(reversed(db.session.scalars(newest.limit(LAST)).all()))
    asked = [*plan.named, survey.signer_id, *([survey.deputy_id] if survey.deputy_id else [])]
    here, found = (
        present(survey.organisation_id, asked, now),
        Preview(len(comments), rules=[0] * len(plan.rules)),
    )
    for given in _each(survey, plan, (facts_of(c, guess(c)) for c in comments), here):
        _count(found, given)
    return found


def _each(
    survey: Survey, plan: Plan, all_facts: Iterable[Facts], here: Collection[int]
) -> Iterable[Given | None]:
    turn = iter(range(1, LAST + 1))
    return (choose(survey, plan, facts, here, lambda: next(turn)) for facts in all_facts)


def _count(found: Preview, given: Given | None) -> None:
    if not given:
        found.nobody += 1
        return
    found.people[given.to] = found.people.get(given.to, 0) + 1
    if given.rule:
        found.rules[given.rule - 1] += 1
