"""Which part of a comment an action answers: a comment may hold several things, each with an action of its own."""

import re
from collections.abc import Iterable

from flask_babel import gettext as _

from core.errors import DomainError
from triage.models import Comment, Tag

LONGEST = 500
"""Characters of a part."""


def part_of(comment: Comment, words: str) -> str:
    """The words as they stand in the comment; empty for all of it. DomainError when they do not stand there."""
    pieces = words.split()
    found = re.search(r"\s+".join(map(re.escape, pieces)), comment.text, re.IGNORECASE)
    if not found:
        raise DomainError(
            _("These words do not stand in the comment. Copy them from it, or leave the part empty.")
        )
    return " ".join(found[0].split())[:LONGEST]


def keep_part(tags: Iterable[Tag], comment: Comment, words: str) -> None:
    """Of the tags that were just made: the one of this comment says which part it answers."""
    part = part_of(comment, words)
    for tag in tags:
        if tag.comment_id == comment.id:
            tag.part = part
