"""A plan that is not written down yet is previewed with the promise that its message will make."""

from datetime import datetime

from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.pages import Page


def test_the_preview_says_what_is_promised(
    bob: Colleague, people: Cast, survey: Survey, now: datetime
) -> None:
    comment = said(survey, now)
    plan = {
        "kind": "planned",
        "note_en": "Alice rings you about the box.",
        "due_on": "2026-12-03",
        "owner": str(people.bob.id),
        "step": "preview",
    }
    words = Page(bob.post(f"/comments/{comment.id}/message", data=plan)).words
    assert "What we promise you now:" in words
    assert "When: Thursday 3 December 2026" in words
