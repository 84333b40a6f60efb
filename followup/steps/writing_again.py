"""Words that a manager sent back, as the fields of the form they were written in: nothing typed is lost."""

from dataclasses import dataclass

from sqlalchemy import select

from core.db import db
from followup.models import LargeStep, large_step_tag
from triage.models import Action, Tag


@dataclass(frozen=True, slots=True)
class Again:
    """`fields`: (name, value) as the form of the comment, or of a message to one person, sends them."""

    action: Action
    comment_id: int
    personal: str
    fields: list[tuple[str, str]]


def again(step: LargeStep) -> Again | None:
    """None for what was not sent back, or is about nobody any more."""
    of_step = select(Tag).join(large_step_tag, large_step_tag.c.tag_id == Tag.id)
    tags = db.session.scalars(of_step.where(large_step_tag.c.step_id == step.id).order_by(Tag.id)).all()
    if step.because != "words" or step.decided_as != "refused" or not step.action or not tags:
        return None
    action, first = step.action, tags[0]
    known = not action.withdrawn_at and not action.comment_id
    fields = [("choice", str(action.id))] if known else [("choice", "new"), *_decision(action)]
    fields += [
        ("personal", first.personal),
        ("part", first.part),
        ("thanks_to", str(first.thanks_to_id or "")),
    ]
    fields += [("comment_ids", str(t.comment_id)) for t in tags[1:]]
    return Again(action, first.comment_id, first.personal, [(name, value) for name, value in fields if value])


def _decision(action: Action) -> list[tuple[str, str]]:
    return [
        ("kind", action.kind),
        ("title", action.title),
        *((f"note_{language}", words) for language, words in action.public_note.items()),
        ("due_on", str(action.due_on or "")),
        ("done_on", str(action.done_on or "")),
        ("reason", action.reason),
        ("owner", str(action.owner_id)),
        ("theme", str(action.theme_id or "")),
        ("check_back", str(action.check_back_days)),
        ("overrule", action.overrule),
    ]
