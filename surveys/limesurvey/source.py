"""The tables of a file of LimeSurvey, and the words in them. Read safely: no entities, no other files, no mark-up left."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from flask_babel import gettext as _

from core.errors import DomainError
from core.text import one_line
from surveys.builder.portable import LIMIT
from surveys.sent_questions import LONGEST

Row = dict[str, str]
Words = dict[str, str]
APART = "question_l10ns"
LONG = 9


@dataclass(slots=True)
class Source:
    """The tables of the file, and what of it cannot come along."""

    tables: dict[str, list[Row]]
    languages: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def rows(self, table: str, **where: str) -> list[Row]:
        found = self.tables.get(table, [])
        return [row for row in found if all(row.get(name) == value for name, value in where.items())]

    def words(self, row: Row, name: str, here: str, apart: str) -> Words:
        """In newer files words stand `apart`, in a table of their own; in older ones there is a row a language `here`."""
        id = "aid" if apart == "answer_l10ns" else "qid"
        same = (
            {"qid": row.get("qid", ""), "code": row.get("code", "")}
            if id == "aid"
            else {"qid": row.get("qid", "")}
        )
        texts = self.rows(apart, **{id: row.get(id, "")}) or self.rows(here, **same)
        said = {language_code(text.get("language", "")): plain(text.get(name, "")) for text in texts}
        return {code: words for code, words in said.items() if words and code in self.languages}


def tables(text: str) -> dict[str, list[Row]]:
    if len(text.encode(errors="replace")) > LIMIT:
        raise DomainError(
            _(
                "This file is larger than %(most)d kB. Leave out what is no question, and export it again.",
                most=LIMIT // 1000,
            )
        )
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException:
        raise DomainError(
            _("This XML refers to other files or defines words of its own. Such a file is not read.")
        ) from None
    except ParseError as error:
        raise DomainError(_("This is no XML: it goes wrong in line %(line)d, at character %(column)d.", line=error.position[0], column=error.position[1])) from None  # fmt: skip
    except ValueError:
        raise DomainError(_("This is no XML that could be read.")) from None
    if root.tag != "document" or root.find("questions") is None:
        raise DomainError(_("This is no survey of LimeSurvey: there are no questions in it."))
    return {table.tag: [_row(row) for row in table.iterfind("rows/row")] for table in root}


def _row(row: Element) -> Row:
    return {cell.tag: cell.text or "" for cell in row}


def number(text: str | None) -> int:
    """Places are numbers; what is none comes first."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < LONG else 0


def language_code(language: str) -> str:
    """nl-informal is Dutch."""
    return language.split("-", maxsplit=1)[0].lower()


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - theirs
        self.found.append(" " if tag in {"p", "br", "div", "li"} else "")


def plain(text: str) -> str:
    """Words without their mark-up, in a line as long as a question may be."""
    parser = _Plain()
    parser.feed(text)
    parser.close()
    return one_line("".join(parser.found), LONGEST)
