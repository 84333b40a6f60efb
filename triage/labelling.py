"""What staff say about a comment: how it sounds, what it is about, and whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core import audit
from core.text import one_line
from triage.models import Comment, Theme
from triage.theming import holding, named


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
    comment.emotion, comment.assignee_id = labels.emotion, labels.assignee_id
    comment.themes = list(dict.fromkeys(themes))
    audit.record("comment.labelled", comment, now, emotion=labels.emotion, themes=len(comment.themes))
