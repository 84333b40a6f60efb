"""A letter in words: for a mail, and in plain ones for the respondent's own page."""

import re
from dataclasses import dataclass
from typing import Any

from flask import current_app

from core.inlining import inlined
from core.voice import speaking
from followup import wording
from followup.letters import Letter
from outbox import references


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


TEMPLATES = ("mail/", "macros/mail.", "macros/page.", "macros/promises.")
PARTS = ("subject.txt", "body.txt", "body.html")


def warm_up() -> None:
    """Compile what letters are made of, so that nobody waits for the first of each kind while it is written."""
    templates = current_app.jinja_env
    for name in templates.list_templates(filter_func=lambda name: name.startswith(TEMPLATES)):
        templates.get_template(name)


def render(letter: Letter, language: str, *, preview: bool = False) -> Rendered:
    """The letter as subject, text and html, in the reader's language; in a `preview` it has no reference yet."""
    with speaking(language, letter.organisation):
        reference = "" if preview else references.line()
        words = {"letter": letter, "say": wording, "language": language, "reference": reference}
        subject, text, html = (_rendered(f"mail/{letter.kind}/{part}", words) for part in PARTS)
    called = (
        letter.answers.subject if letter.answers else ""
    )  # a mail program keeps one conversation by its subject
    return Rendered(called or " ".join(subject.split()), tidy(f"{text}\n\n{reference}") + "\n", inlined(html))


def page_words(letter: Letter, language: str) -> str:
    """The heart of the letter, without greeting and signature, for the respondent's own page."""
    with speaking(language, letter.organisation):
        return tidy(_rendered("mail/page.txt", {"letter": letter, "say": wording}))


def _rendered(template: str, words: dict[str, Any]) -> str:
    """A letter asks nothing of a request or a session."""
    return current_app.jinja_env.get_template(template).render(words)


def tidy(text: str) -> str:
    """What a letter does not say leaves no gap."""
    return re.sub(r"\n{3,}", "\n\n", text).strip()
