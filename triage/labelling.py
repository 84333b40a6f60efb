"""What staff say about a comment: how it sounds, what it is about, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.db import db
from core.text import one_line, search_key
from triage.models import Comment, Theme


@dataclass(frozen=True, slots=True)
class Labels:
    """`new_theme` holds the name of a theme that is not there yet, in `language`."""

    emotion: str | None
    themes: Sequence[Theme]
    assignee_id: int | None
    new_theme: str = ""
    language: str = "nl"


def label(comment: Comment, labels: Labels, now: datetime) -> None:
    """Replace the labels of a comment; a new theme is made, or found when its name is there already."""
    themes = list(labels.themes)
    if labels.new_theme.strip():
        themes.append(_theme(comment.organisation_id, labels.new_theme, labels.language))
    feel(comment, labels.emotion)
    comment.assignee_id = labels.assignee_id
    comment.themes = list(dict.fromkeys(themes))
    audit.record("comment.labelled", comment, now, emotion=labels.emotion, themes=len(comment.themes))


def feel(comment: Comment, emotion: str | None) -> None:
    """What staff decide takes the place of the customer's own word only where it is another."""
    comment.emotion_theirs = comment.emotion_theirs and emotion == comment.emotion
    comment.emotion = emotion


def decide_emotion(comment: Comment, emotion: str, suggested: str, now: datetime) -> None:
    """With one click; what was suggested is kept beside it, so that the suggestions can be held against it."""
    feel(comment, emotion)
    audit.record("comment.felt", comment, now, emotion=emotion, suggested=suggested)


def _theme(organisation_id: int, name: str, language: str) -> Theme:
    key = _key(name)
    found = db.session.scalar(select(Theme).where(Theme.organisation_id == organisation_id, Theme.key == key))
    if found:
        return found
    theme = Theme(organisation_id=organisation_id, key=key, name={language: one_line(name, 60)})
    db.session.add(theme)
    db.session.flush()
    return theme


def _key(name: str) -> str:
    """ "Delivery time" becomes delivery-time, so that the same name makes one theme."""
    letters = "".join(c if c.isalnum() else " " for c in search_key(name))
    return "-".join(letters.split())[:40] or "-"
