"""What somebody said, as it holds now. Apart from what draws it, so that the clock loads no forms."""

from surveys.models import COMMENT_KINDS
from surveys.models_responses import Answer, Response


def newest(response: Response) -> list[Answer]:
    """What they said as it holds now, in the order of the questions; what they took back is not said."""
    last = {a.question_id: a for a in sorted(response.answers, key=lambda a: a.version)}
    said = (a for a in last.values() if a.number is not None or a.text is not None)
    return sorted(said, key=lambda a: a.question.position)


def first_words(response: Response) -> str:
    """What they wrote in their own words, as it stands now; empty where they wrote nothing."""
    said = [a.text for a in newest(response) if a.question.kind in COMMENT_KINDS and a.text]
    return said[0] if said else ""
