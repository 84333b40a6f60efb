"""The loop of one answer as rows: its score and words, what was promised, done and told, and what they made of it."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from customers.models import Identity
from followup.models import Told, Verdict
from outbox.models import Message
from promises.models import Promise, Update
from surveys.models import Survey
from surveys.models_responses import Answer, Response
from surveys.rounds import round_of
from triage.models import EMOTIONS, Action, Comment, Tag
from triage.themes.models import comment_theme


class Set(NamedTuple):
    """What the answers are to."""

    survey: Survey
    questions: dict[str, int]
    rounds: dict[tuple[int, int], int]
    identity: Identity
    actions: Sequence[Action]
    themes: Sequence[int]
    vocabulary: Sequence[str]
    dice: random.Random


def rows_of(scene: Set, n: int, at: datetime) -> Iterator[tuple[Any, dict[str, Any]]]:
    """One in ten is still promised a word, one is out of reach, one reads it on their page; a third heard of a move first."""
    survey, ours, mail = scene.survey, {"organisation_id": scene.survey.organisation_id}, n % 10 != 1
    score = scene.dice.choices((1, 2, 3, 4, 5), (1, 2, 3, 6, 5))[0]
    yield Response, ours | {
        "id": n, "survey_id": survey.id, "version_id": survey.versions[0].id, "round_id": _round(scene, at), "nonce": f"n{n}",
        "channel": "mail" if mail else "page", "identity_id": scene.identity.id if mail else None,
        "language": "nl" if n % 7 else "en", "score": score, "submitted_at": at, "received_at": at,
    }  # fmt: skip
    yield Answer, {"id": 2 * n, "response_id": n, "question_id": scene.questions["csat"], "number": score}
    if n % 5 < 3:
        yield from _words(scene, n, at)
    yield from _loop(scene, n, at, "mail" if mail else "page")


def _words(scene: Set, n: int, at: datetime) -> Iterator[tuple[Any, dict[str, Any]]]:
    words, ours = (
        " ".join(scene.dice.choices(scene.vocabulary, k=20)),
        {"organisation_id": scene.survey.organisation_id},
    )
    yield Answer, {"id": 2 * n + 1, "response_id": n, "question_id": scene.questions["comment"], "text": words}  # fmt: skip
    yield Comment, ours | {"id": n, "response_id": n, "answer_id": 2 * n + 1, "emotion": EMOTIONS[n % 8], "created_at": at}  # fmt: skip
    yield comment_theme, {"comment_id": n, "theme_id": scene.themes[n % len(scene.themes)]}


def _loop(scene: Set, n: int, at: datetime, channel: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    due, last = at + timedelta(days=7), 2 * n
    first = _promise(scene, 2 * n, n, at, due)
    yield from _said(scene, 4 * n, 2 * n, "receipt", "receipt", channel, at, "sent")
    if n % 3 == 0:
        at, last = at + timedelta(days=2), 2 * n + 1
        yield Promise, first | {"ended_at": at, "ended_as": "moved"}
        yield from _said(scene, 4 * n + 1, 2 * n, "ending", "moved", channel, at, "sent")
        first = _promise(scene, last, n, at, due) | {"because": "moved", "predecessor_id": 2 * n, "moves": 1}
    if n % 10 == 0:
        yield Promise, first
        return
    later = at + timedelta(minutes=scene.dice.randint(60, 14_000))
    yield Promise, first | {"ended_at": later, "ended_as": "told"}
    yield from _told(scene, n, last, later, channel)


def _told(scene: Set, n: int, promise: int, at: datetime, channel: str) -> Iterator[tuple[Any, dict[str, Any]]]:  # fmt: skip
    action, state = scene.actions[n % len(scene.actions)], "bounced" if n % 10 == 2 else "sent"
    yield from _said(scene, 4 * n + 2, promise, "ending", action.kind, channel, at, state)
    if n % 5 < 3:
        ours = {"organisation_id": scene.survey.organisation_id}
        told = {"tagged_at": at, "release_at": at, "told_at": at}
        yield Tag, ours | {"id": n, "comment_id": n, "action_id": action.id} | told
        due = at.date() + timedelta(days=30) if action.kind == "planned" else None
        yield Told, {"id": n, "update_id": 4 * n + 2, "tag_id": n, "action_id": action.id, "kind": action.kind, "due_on": due, "told_on": at.date()}  # fmt: skip
    if n % 4 == 0 and state == "sent":
        feels = EMOTIONS[n % 7 if n % 3 else 7]
        said = {"clear": True, "solved": n % 8 == 0, "emotion": feels, "created_at": at + timedelta(days=1)}
        yield Verdict, {"organisation_id": scene.survey.organisation_id, "id": n, "response_id": n, "promise_id": promise, "nonce": f"v{n}"} | said  # fmt: skip


def _promise(scene: Set, id: int, response: int, at: datetime, due: datetime) -> dict[str, Any]:
    return {
        "organisation_id": scene.survey.organisation_id, "id": id, "response_id": response, "kind": "update", "because": "answer",
        "who_id": scene.survey.signer_id, "channel": "mail", "due_at": due, "opened_at": at, "moves": 0,
    }  # fmt: skip


def _said(
    scene: Set, id: int, promise: int, kind: str, how: str, channel: str, at: datetime, state: str
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Without the words of the mail: who was told is counted without them."""
    ours, key = {"organisation_id": scene.survey.organisation_id}, f"m{id}" if channel == "mail" else None
    if key:
        yield Message, ours | {
            "id": id, "key": key, "kind": "update", "recipient": "rita@example.org", "recipient_key": "k", "sender_name": "Sam",
            "language": "en", "subject": "About your answer", "slot": "s", "created_at": at, "expires_at": at, "state": state,
            "next_attempt_at": at, "sent_at": at, "server_reply": "250 kept",
        }  # fmt: skip
    yield Update, ours | {
        "id": id, "promise_id": promise, "kind": kind, "how": how, "channel": channel, "message_id": id if key else None,
        "message_key": key, "composed_at": at,
    }  # fmt: skip


def _round(scene: Set, at: datetime) -> int:
    month = at.year, at.month
    if month not in scene.rounds:
        scene.rounds[month] = round_of(scene.survey, at)
    return scene.rounds[month]
