"""What each column of a file says: a part of who it is, when it was, or the answer to a question.

A column is known by its name: the key of a question, what our own export calls it, what other tools call it, or the words of a question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.errors import DomainError
from core.text import one_line, search_key
from surveys.models import SCALE_KINDS, Question, Version

QUESTION = "question:"
"""Before the key of a question."""
FIELDS = {
    "id": _l("Number of the answer, where it came from"),
    "submitted_at": _l("When it was given"),
    "name": _l("Name"),
    "email": _l("Mail address"),
    "phone": _l("Phone number"),
    "external_id": _l("Customer number"),
    "language": _l("Language"),
    "channel": _l("How they want to hear"),
    "score": _l("Score"),
}
NAMES = {
    "id": ("Response ID", "ID", "Antwoordnummer", "Reactienummer", "Ticket", "Ticket ID", "Case ID"),
    "submitted_at": ("Submitted at", "Date", "Datum", "Timestamp", "Created at", "Tijdstempel", "Ingevuld op", "Submitted"),
    "name": ("Customer", "Name", "Naam", "Klant", "Customer name", "Klantnaam"),
    "email": ("Email", "E-mail", "Mail", "Email address", "E-mail address", "E-mailadres", "Emailadres", "Mailadres"),
    "phone": ("Phone", "Phone number", "Telefoon", "Telefoonnummer", "Mobile", "Mobiel"),
    "external_id": ("Customer number", "Customer ID", "Klantnummer", "Klant ID", "External ID", "Relatienummer"),
    "language": ("Language", "Taal"),
    "channel": ("Channel", "Kanaal"),
    "score": ("Score", "Cijfer", "Rating"),
}  # fmt: skip
"""What a column is called, here and elsewhere."""
COMMENTS = (
    "Comment", "Comments", "Feedback", "Remark", "Remarks", "Message", "Verbatim", "Review", "Description",
    "Opmerking", "Opmerkingen", "Toelichting", "Reactie", "Klacht", "Bericht", "Omschrijving",
)  # fmt: skip
"""What a column of people's own words is called: the first question of that kind."""
_COMMENTS = {search_key(name) for name in COMMENTS}
OURS_ALONE = ("Survey", "Themes", "Emotion", "Actions", "Promise due", "Told at", "Confirmed")
"""Columns of our own export that are not taken in: they say what was done with an answer."""


@dataclass(frozen=True, slots=True)
class Columns:
    """field, or question:key → the place of its column, from 0."""

    places: Mapping[str, int]

    def __contains__(self, field: str) -> bool:
        return field in self.places

    def cell(self, cells: Sequence[str], field: str) -> str:
        return self.typed(cells, field).strip()

    def typed(self, cells: Sequence[str], field: str) -> str:
        """With the spaces around it."""
        place = self.places.get(field)
        return "" if place is None else cells[place]


def guessed(header: Iterable[str], version: Version) -> list[str]:
    """For each column what it says; empty where nobody can tell."""
    names, meant = list(header), _meanings(version)
    return _with_comments(names, [_meant(name, meant) for name in names], version)


def _with_comments(names: Sequence[str], said: list[str], version: Version) -> list[str]:
    """The first column that is called so holds people's own words, unless a column says that by itself."""
    words = next((QUESTION + q.key for q in version.questions if q.kind == "long_text"), "")
    called = (n for n, name in enumerate(names) if not said[n] and search_key(name) in _COMMENTS)
    place = next(called, None)
    if place is not None and words not in said:
        said[place] = words
    return said


def _meant(name: str, meant: Mapping[str, str]) -> str:
    return meant.get(name) or ("" if name in OURS_ALONE else meant.get(search_key(name), ""))


def _meanings(version: Version) -> dict[str, str]:
    """Its exact name first: “email” may be the key of a question, and “Email” the address."""
    asked = [q for q in version.questions if q.kind != "contact"]
    words = {search_key(text): QUESTION + q.key for q in asked for text in q.prompt.values()}
    known = {search_key(name): field for field, names in NAMES.items() for name in names}
    exact = {name: field for field, names in NAMES.items() for name in names}
    return words | known | exact | {q.key: QUESTION + q.key for q in asked}


def columns(header: Sequence[str], chosen: Sequence[str], version: Version) -> Columns:
    """DomainError with a sentence where two columns say the same, or none says anything that was answered."""
    places: dict[str, int] = {}
    for place, field in enumerate(chosen):
        if field in places:
            raise DomainError(_two(header[places[field]], header[place], named(field, version)))
        if field:
            places[field] = place
    if not any(field == "score" or field.startswith(QUESTION) for field in places):
        raise DomainError(_nothing(version))
    return Columns(_with_score(places, version))


def _two(one: str, other: str, field: str) -> str:
    if one == other:
        return _("Two columns are called “%(name)s”. Leave one out.", name=one_line(one, 80))
    return _("The columns “%(one)s” and “%(other)s” both say: %(field)s. Leave one out.", one=one_line(one, 80), other=one_line(other, 80), field=field)  # fmt: skip


def _nothing(version: Version) -> str:
    keys = ", ".join(q.key for q in version.questions if q.kind != "contact")
    return _("No column holds an answer. Name one of these in the first line: %(keys)s.", keys=keys)


def _with_score(places: dict[str, int], version: Version) -> dict[str, int]:
    """A score answers the first question on a scale, unless that has a column of its own."""
    scale = next((q for q in version.questions if q.kind in SCALE_KINDS), None)
    score = places.pop("score", None)
    return places if scale is None or score is None else {QUESTION + scale.key: score} | places


def offered(version: Version) -> list[tuple[str, str]]:
    """(field, words) of everything that a column can say."""
    asked = [QUESTION + q.key for q in version.questions if q.kind != "contact"]
    return [(field, named(field, version)) for field in (*FIELDS, *asked)]


def named(field: str, version: Version) -> str:
    if not field.startswith(QUESTION):
        return str(FIELDS[field])
    return next(_prompt(q) for q in version.questions if QUESTION + q.key == field)


def _prompt(question: Question) -> str:
    words = next(iter(question.prompt.values()), "")
    return f"{question.key}: {words}" if words else question.key
