"""A list of people to ask, read line by line: who can be asked, and what is wrong with the others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from core.errors import DomainError
from core.languages import LANGUAGES, WRITTEN, own_name
from core.text import one_line, search_key
from customers.recognising import checked_address
from surveys.invitations.list_files import ROWS, Row, too_long
from surveys.invitations.listed import Person, Problem

HEADINGS = {
    "email": ("email", "e-mail", "mail", "mailadres", "e-mailadres", "emailadres", "mail address", "email address", "e-mail address"),
    "name": ("name", "naam", "full name", "volledige naam"),
    "language": ("language", "taal", "lang"),
    "external_id": ("external_id", "customer number", "klantnummer", "number", "nummer"),
    "event_at": ("event_at", "event", "date", "datum", "moment", "gebeurtenis"),
}  # fmt: skip
"""What a column is → how its heading may be called."""
_MOMENTS = ("%d-%m-%Y", "%d-%m-%Y %H:%M", "%d/%m/%Y", "%d/%m/%Y %H:%M")


@dataclass(slots=True)
class ReadList:
    """What was found so far; `seen`: address → its line."""

    languages: Sequence[str] = ()
    people: list[Person] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def take(
        self, line: int, words: str, said: Mapping[str, Any], moment: Callable[[Any], datetime | None]
    ) -> None:
        """One more line: somebody who can be asked, or what is wrong with it."""
        try:
            person = _person(line, said, moment(said.get("event_at", "")), self.languages)
            _refuse_twice(person, self.seen)
            self.people.append(person)
        except DomainError as error:
            self.problems.append(Problem(line, words, error.sentence))


def read(rows: Iterable[Row], languages: Sequence[str], timezone: str) -> ReadList:
    """Each line is judged by itself; each address counts once. DomainError where the list as a whole is no list."""
    found, moment = ReadList(languages), partial(_moment, timezone=timezone)
    columns: dict[str, int] | None = None
    for count, (line, cells) in enumerate(rows):
        if count > ROWS:
            raise DomainError(too_long())
        if count == 0 and (columns := _columns(cells)):
            continue
        words = one_line("; ".join(c for c in cells if c), 120)
        found.take(line, words, _named(cells, columns, languages), moment)
    return found


def named(customers: Iterable[Mapping[str, Any]], languages: Sequence[str]) -> ReadList:
    """The same of customers whose parts have names already, and whose moments are moments."""
    found = ReadList(languages)
    for line, said in enumerate(customers, start=1):
        found.take(line, one_line(said["email"], 120), said, lambda moment: moment)
    return found


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    """What stands in which column, by a first line of headings; None for a list without one."""
    known = {heading: what for what, names in HEADINGS.items() for heading in names}
    named = [(known[text], n) for n, cell in enumerate(cells) if (text := cell.strip().casefold()) in known]
    if "email" not in dict(named):
        return None
    for what, _n in named:
        if [other for other, _ in named].count(what) > 1:
            headings = ", ".join(cells[n].strip() for other, n in named if other == what)
            raise DomainError(
                _(
                    "Two columns say the same: %(columns)s. Keep one of them, and send the list again.",
                    columns=headings,
                )
            )
    return dict(named)


def _named(cells: Sequence[str], columns: dict[str, int] | None, languages: Sequence[str]) -> dict[str, str]:
    """What each cell is: by the headings, or else by how it looks; a language that is none of the survey's stands behind a name (“Ro”)."""
    if columns:
        return {what: cells[n].strip() for what, n in columns.items() if n < len(cells)}
    rest = [text for cell in cells if (text := cell.strip())]
    email = next((text for text in rest if "@" in text), "")
    spoken = (text for text in reversed(rest) if (code := _language(text)) in languages or (code and len(rest) > 2))  # fmt: skip
    language = next(spoken, "")
    name = next((text for text in rest if text not in {email, language}), "")
    return {"email": email or name, "name": name if email else "", "language": language}


def _person(
    line: int, said: Mapping[str, Any], event_at: datetime | None, languages: Sequence[str]
) -> Person:
    if not said.get("email"):
        raise DomainError(_("There is no mail address in this line."))
    return Person(
        line,
        checked_address(said["email"].removeprefix("mailto:")),
        one_line(said.get("name", "")),
        _known_language(said.get("language", ""), languages),
        one_line(said.get("external_id", ""), 120),
        event_at,
    )


def _language(text: str) -> str:
    """Its code or its name, with or without a country: “de”, “de-AT”, “Deutsch”, “Duits”, “German”."""
    known, said = _languages(), text.strip().casefold()
    return known.get(said) or (known.get(said[:2], "") if said[2:3] in {"-", "_"} else "")


@cache
def _languages() -> dict[str, str]:
    """How a language may be called → its code."""
    names = {own_name(code, within).casefold(): code for code in WRITTEN for within in (*LANGUAGES, code)}
    return names | {code: code for code in WRITTEN}


def _known_language(text: str, languages: Sequence[str]) -> str:
    code = _language(text)
    if text and code not in languages:
        raise DomainError(
            _(
                "“%(text)s” is no language of this survey: %(languages)s.",
                text=one_line(text, 40),
                languages=", ".join(languages),
            )
        )
    return code


def _moment(text: str, timezone: str) -> datetime | None:
    """A day is its first moment, on the organisation's own clock."""
    if not text:
        return None
    found = _parsed(text)
    if not found or not 2000 < found.year < 2100:
        raise DomainError(
            _("“%(text)s” is no day. An example is 2026-11-23 or 23-11-2026 14:30.", text=one_line(text, 40))
        )
    local = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone))
    return local.astimezone(UTC)


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for shape in _MOMENTS:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007 - the time zone is the organisation's
        except ValueError:
            continue
    return None


def _refuse_twice(person: Person, seen: dict[str, int]) -> None:
    key = search_key(person.email)
    if key in seen:
        raise DomainError(_("This address stands in line %(line)d too.", line=seen[key]))
    seen[key] = person.line
