"""Which words a colleague has read as a preview since signing in: while they stand as they stood, they need not be read again.

Kept in the colleague's own session, as a digest of the words: words that somebody changed meanwhile are shown again.
"""

import json
from collections.abc import Collection, Mapping
from hashlib import sha256

from flask import session

from triage.models import Action, Comment

KEPT = "read"
MOST = 60
"""So many are remembered, those that were read last: a session travels with every page."""


def remember(actions: Collection[Action]) -> None:
    """Their words stand on the page that is being sent."""
    new = {str(action.id): _digest(action) for action in actions}
    before = {id: digest for id, digest in anything().items() if id not in new}
    session[KEPT] = dict(list({**before, **new}.items())[-MOST:])


def anything() -> dict[str, str]:
    """action → the words of it that were read"""
    read: dict[str, str] = session.get(KEPT, {})
    return read


def all_read(piles: Mapping[Action, Collection[Comment]]) -> bool:
    """Each of these people hears words that were read, in a language in which there are any."""
    read = anything()
    return all(
        read.get(str(action.id)) == _digest(action)
        and all(action.public_note.get(c.response.language) for c in comments)
        for action, comments in piles.items()
    )


def _digest(action: Action) -> str:
    words = [
        action.kind,
        action.title,
        action.reason,
        action.public_note,
        str(action.due_on),
        str(action.done_on),
    ]
    return sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:12]
