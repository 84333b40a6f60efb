"""A survey as a file: everything but who signs, so that another organisation, or the next year, can begin with it."""

import json
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError, fields, validate

from core.api.bodies import Body, sound, without_null
from core.api.objections import NotAsAgreed
from core.errors import DomainError
from core.languages import WRITTEN
from surveys.builder.building import Draft, ReplyTime, questions_from
from surveys.models import Survey
from surveys.sent_questions import drafts, questions_of, words
from surveys.shapes import MOST_QUESTIONS, WORDS, QuestionBody

FORMAT, VERSION = "terugkoppel-survey", 1
LIMIT = 500_000
"""Bytes of a file."""


class SurveyFile(Body):
    format = fields.String(required=True, validate=validate.Equal(FORMAT))
    version = fields.Integer(required=True, strict=True, validate=validate.Equal(VERSION))
    slug = fields.String(load_default="")
    title = fields.Raw(required=True, metadata=WORDS)
    language = fields.String(required=True, validate=validate.OneOf(WRITTEN))
    reply_within_days = fields.Integer(strict=True, load_default=None, validate=validate.Range(1, 60))
    reply_within_hours = fields.Integer(strict=True, load_default=None, validate=validate.Range(1, 720))
    anonymous = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    one_by_one = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    questions = fields.List(
        fields.Nested(QuestionBody), required=True, validate=validate.Length(max=MOST_QUESTIONS)
    )


@dataclass(frozen=True, slots=True)
class Portable:
    """What a file holds, ready to become a survey; `left_out`: what of it could not come along, in sentences."""

    title: dict[str, str]
    language: str
    questions: list[Draft]
    slug: str = ""
    reply: ReplyTime = field(default_factory=ReplyTime)
    anonymous: bool = False
    one_by_one: bool = False
    left_out: list[str] = field(default_factory=list)


def as_file(survey: Survey) -> dict[str, Any]:
    """The newest questions; what `from_file` reads again."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "slug": survey.slug,
        "title": survey.title,
        "language": survey.language,
        "reply_within_days": survey.reply_working_days,
        "reply_within_hours": survey.reply_hours,
        "anonymous": survey.anonymous,
        "one_by_one": survey.one_by_one,
        "questions": questions_of(survey),
    }


def from_file(text: str) -> Portable:
    """DomainError naming the place of the first thing that is not right."""
    body = _checked(_parsed(text))
    language, questions = body["language"], body["questions"]
    title = at(_("title"), lambda: words(body["title"], language))
    found = [
        draft
        for n, question in enumerate(questions, start=1)
        for draft in at(place(n, question["key"]), lambda q=question: drafts([q], language))
    ]
    if [draft.kind for draft in found].count("contact") > 1:
        raise DomainError(_("Who somebody is can be asked once."))
    at(_("questions"), lambda: questions_from(found))
    return Portable(title, language, found, body["slug"], _reply(body), body["anonymous"], body["one_by_one"])


def _reply(body: dict[str, Any]) -> ReplyTime:
    days, hours = body["reply_within_days"], body["reply_within_hours"]
    if days and hours:
        raise DomainError(_("Everybody hears within working days or within hours: give one of the two."))
    return ReplyTime(None, hours) if hours else ReplyTime(days or 5)


def place(number: int, key: str) -> str:
    return _("question %(n)d (“%(key)s”)", n=number, key=key)


def at(where: str, read: Any) -> Any:
    """What `read` finds; its sentence with the place before it when it does not."""
    try:
        return read()
    except DomainError as error:
        raise DomainError(_("In %(where)s: %(why)s", where=where, why=error.sentence)) from None


def _parsed(text: str) -> Any:
    if len(text.encode(errors="replace")) > LIMIT:
        raise DomainError(
            _("This file is larger than %(most)d kB, so it is no survey of ours.", most=LIMIT // 1000)
        )
    try:
        return sound(without_null(json.loads(text, object_pairs_hook=_once_each, parse_constant=_never)))
    except json.JSONDecodeError as error:
        raise DomainError(
            _(
                "This is no JSON: it goes wrong in line %(line)d, at character %(column)d.",
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except (ValueError, RecursionError):
        raise DomainError(_("This is no JSON that a survey could be made of.")) from None


def _never(_name: str) -> Any:
    """NaN and Infinity are no JSON."""
    raise ValueError


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a name that stands there twice nobody knows which one was meant."""
    found = dict(pairs)
    twice = next((name for n, (name, _value) in enumerate(pairs) if name in dict(pairs[:n])), None)
    if twice is not None:
        raise DomainError(
            _("The name “%(name)s” stands twice in one place. Leave one of them out.", name=twice[:40])
        )
    return found


def _checked(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise DomainError(
            _(
                "This is no survey that was exported here: it does not begin with its format, “%(format)s”.",
                format=FORMAT,
            )
        )
    if data.get("version") != VERSION:
        raise DomainError(
            _("This file was made by a newer edition of this program. Bring this one up to date first.")
        )
    try:
        read: dict[str, Any] = SurveyFile().load(data)
    except ValidationError as error:
        raise DomainError(_where(error, data)) from None
    return read


def _where(error: ValidationError, data: dict[str, Any]) -> str:
    """The first objection, with the number of its question instead of its place in a list."""
    said = NotAsAgreed({"json": error.messages_dict}).data["errors"][0]
    names = said["pointer"].removeprefix("#/").split("/")
    if names[0] == "questions" and len(names) > 1:
        number = int(names[1])
        asked = data["questions"][number]
        key = str(asked.get("key", "?"))[:40] if isinstance(asked, dict) else "?"
        names = [place(number + 1, key), *names[2:]]
    return _("In %(where)s: %(why)s", where=", ".join(names), why=said["detail"])
