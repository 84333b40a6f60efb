"""What is wrong with what a program sent: for each place a sentence, in the reader's language."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from flask_babel import gettext as _
from werkzeug.exceptions import UnprocessableEntity

Words = Callable[..., str]


class NotAsAgreed(UnprocessableEntity):
    """422, with the first objection as its sentence and all of them as `errors` of the problem document."""

    def __init__(self, messages: dict[str, Any]) -> None:
        errors = [
            _error(location, path, said)
            for location, found in messages.items()
            for path, said in _flat(found)
        ]
        super().__init__(_first(errors[0]))
        self.data = {"errors": errors}


def _flat(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """(path, message) of each leaf of the form library's nested messages."""
    if isinstance(found, dict):
        for name, below in found.items():
            yield from _flat(below, path if name == "_schema" else (*path, str(name)))
    else:
        yield from ((path, str(message)) for message in (found if isinstance(found, list) else [found]))


def _error(location: str, path: tuple[str, ...], message: str) -> dict[str, str]:
    """As in the examples of RFC 9457: where (a JSON pointer, or the name of a parameter) and what."""
    where = (
        {"parameter": ".".join(path)}
        if location == "query"
        else {"pointer": "#" + "".join(f"/{name}" for name in path)}
    )
    return {"detail": in_words(message), **where}


def _first(error: dict[str, str]) -> str:
    name = error.get("parameter") or error.get("pointer", "#")[2:].replace("/", ".")
    return _("“%(name)s”: %(why)s", name=name, why=error["detail"]) if name else error["detail"]


def in_words(message: str) -> str:
    """A message of the form library in our words; one that it does not know stays as it is."""
    for shape, words in SHAPES.items():
        found = re.fullmatch(shape, message, re.DOTALL)
        if found:
            return words(*found.groups())
    return message


SHAPES: dict[str, Words] = {
    r"Missing data for required field\.|Field may not be null\.": lambda: _("This is missing."),
    r"Unknown field\.": lambda: _("There is no such name here."),
    r"Not a valid string\.": lambda: _("Give a text."),
    r"Not a valid (?:integer|number)\.": lambda: _("Give a whole number."),
    r"Not a valid boolean\.": lambda: _("Give true or false."),
    r"Not a valid date\.": lambda: _("Give a date. An example is 2026-12-04."),
    r"Not a valid (?:aware |naive )?datetime\.": lambda: _(
        "Give a moment with its time zone. An example is 2026-12-04T16:00:00+01:00."
    ),
    r"Not a valid email address\.": lambda: _("Give a mail address. An example is name@example.org."),
    r"Not a valid list\.": lambda: _("Give a list."),
    r"Not a valid mapping type\.|Invalid input type\.": lambda: _("Give an object: names with values."),
    r"Must be one of: (.*)\.": lambda names: _("Give one of: %(names)s.", names=names),
    r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.": lambda least, most: _(
        "Give a number from %(least)s to %(most)s.", least=least, most=most
    ),
    r"Longer than maximum length (\d+)\.": lambda most: _("There is room for %(most)s.", most=most),
    r"Shorter than minimum length (\d+)\.": lambda least: _("Give at least %(least)s.", least=least),
    r"Length must be between (\d+) and (\d+)\.": lambda least, most: _(
        "Give %(least)s to %(most)s.", least=least, most=most
    ),
    r"String does not match expected pattern\.": lambda: _(
        "A name here holds small letters, digits and underscores, and begins with a letter."
    ),
}
