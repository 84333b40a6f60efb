"""What an address carries along, such as `?order=A-17`: never asked, never trusted, shown to staff alone.

Whoever opens the page can write anything there. So it is one line of bounded length, it says nothing about who
somebody is, and by itself it is no answer.
"""

from typing import Any

from wtforms import Field, HiddenField

from core.text import one_line
from surveys.kinds.base import Kind, Value, prompt
from surveys.models import Question

LIMIT = 200


def _field(question: Question, language: str) -> Field:
    return HiddenField(prompt(question, language), filters=[lambda text: one_line(text or "", LIMIT)])


def _read(_question: Question, sent: Any) -> Value | None:
    text = "" if sent is None else one_line(str(sent), LIMIT)
    return Value(text=text) if text else None


KIND = Kind("hidden", _field, _read, "hidden")
