"""What staff say about a comment: how it sounds, what it is about, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import audit
from core.text import one_line
from triage import assigning
from triage.commenting import record_given
from triage.models import Comment
from triage.themes.models import Theme
from triage.themes.theming import holding, named


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
    themes = holding(labels.themes, now)
    if one_line(labels.new_theme):
        themes.append(named(comment.organisation_id, labels.new_theme, labels.language, now))
    feel(comment, labels.emotion)
    was, comment.assignee_id = comment.assignee_id, labels.assignee_id
    comment.themes = list(dict.fromkeys(themes))
    if not was:
        give_by_theme(comment, now)
    audit.record("comment.labelled", comment, now, emotion=labels.emotion, themes=len(comment.themes))


def give_by_theme(comment: Comment, now: datetime) -> None:
    """What lies on nobody's desk may be somebody's by what it is about."""
    if given := assigning.for_themes(comment, now):
        comment.assignee_id = given.to
        record_given(comment.organisation_id, comment.id, given, now)


def feel(comment: Comment, emotion: str | None) -> None:
    """What staff decide takes the place of the customer's own word only where it is another."""
    comment.emotion_theirs = comment.emotion_theirs and emotion == comment.emotion
    comment.emotion = emotion


def decide_emotion(comment: Comment, emotion: str, suggested: str, now: datetime) -> None:
    """With one click; what was suggested is kept beside it, so that the suggestions can be held against it."""
    feel(comment, emotion)
    audit.record("comment.felt", comment, now, emotion=emotion, suggested=suggested)
