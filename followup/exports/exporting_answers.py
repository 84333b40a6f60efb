"""Every answer to a survey as a file, one row each, with what was done and whether they were told: what our own import reads again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.api.rest import iso
from core.db import Rows, db
from core.rows import among
from core.spreadsheets.csv_files import Row
from customers.models import Customer, Identity
from followup.closing import closings
from outbox.models import Message
from promises.ledger import Scope
from promises.models import Update
from promises.paging import pages as numbers
from promises.standing import carries, standing_sql
from surveys.kinds import KINDS
from surveys.models import Question, Survey, Version
from surveys.models_responses import Answer, Response
from triage.models import Action, Comment, Tag
from triage.themes.models import Theme, comment_theme

BATCH = 1000
BEFORE = ("Response ID", "Submitted at", "Survey", "Channel", "Language", "Customer", "Email", "Score")
AFTER = ("Themes", "Emotion", "Actions", "Promise due", "Told at", "Confirmed")
"""The same in every language: programs read it too. Between them the questions, by their keys."""
BETWEEN = "; "


def pages(survey: Survey, now: datetime) -> Iterator[list[Row]]:
    """The header, then everybody, oldest first; no transaction stays open while a page is on its way to the reader."""
    keys, scope = _keys(survey.id), Scope(survey.organisation_id, survey.id)
    yield [(*BEFORE, *keys, *AFTER)]
    for ids in numbers(scope, BATCH):
        lines = list(_page(ids, keys, now))
        db.session.rollback()
        yield lines


def _keys(survey_id: int) -> list[str]:
    """Of the newest version first, then of questions that are asked no more."""
    asked = (
        select(Question.key).join(Version).where(Version.survey_id == survey_id, Question.kind != "contact")
    )
    ordered = asked.order_by(Version.number.desc(), Question.position)
    return list(dict.fromkeys(db.session.scalars(ordered)))


def _lines(ids: Sequence[int]) -> dict[int, Any]:
    who = select(
        Response.id, Response.submitted_at, Survey.slug, Response.channel, Response.declined_at, Response.language, Customer.name,
        Identity.value, Response.score,
    )  # fmt: skip
    query = (
        who.join(Survey, Survey.id == Response.survey_id)
        .outerjoin(Customer, Customer.id == Response.customer_id)
        .outerjoin(Identity, Identity.id == Response.identity_id)
        .where(among(Response.id, ids))
    )
    return {row.id: row for row in db.session.execute(query)}


def _page(ids: Sequence[int], keys: list[str], now: datetime) -> Iterator[Row]:
    lines, said, comments, loops = _lines(ids), _answers(ids), _about(ids), _loops(ids, now)
    for row in (lines[id] for id in ids if id in lines):
        answers, (themes, emotion, actions) = said[row.id], comments[row.id]
        yield (
            row.id, iso(row.submitted_at), row.slug, "none" if row.declined_at else row.channel, row.language, row.name, row.value, row.score,
            *(answers.get(key, "") for key in keys), _listed(themes), _listed(emotion), _listed(actions), *loops[row.id],
        )  # fmt: skip


def _loops(ids: Sequence[int], now: datetime) -> dict[int, Row]:
    """When a word is due, when they were told, and how it closed."""
    closed = closings(now).where(among(Response.id, ids)).subquery()
    stands = standing_sql().where(among(Response.id, ids)).subquery()
    query = (
        select(
            stands.c.response_id,
            stands.c.state,
            stands.c.due_at,
            Update.composed_at,
            Message.sent_at,
            closed.c.closing,
        )
        .select_from(stands)
        .outerjoin(Update, Update.id == stands.c.ending_id)
        .outerjoin(Message, carries(Update))
        .outerjoin(closed, closed.c.response_id == stands.c.response_id)
    )
    return {row.response_id: _loop(row) for row in db.session.execute(query)}


def _loop(row: Any) -> Row:
    due_at = iso(row.due_at) if row.state == "promised" else ""
    return due_at, iso(row.sent_at or row.composed_at) if row.state == "told" else "", row.closing


def _listed(words: dict[str, None]) -> str:
    return BETWEEN.join(words)


def _answers(ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """key of a question → what was said last, as programs write it"""
    query = (
        select(Answer.response_id, Question.key, Question.kind, Answer.number, Answer.text)
        .join(Question, Question.id == Answer.question_id)
        .where(among(Answer.response_id, ids))
        .order_by(Answer.response_id, Answer.version)
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for response_id, key, kind, number, text in db.session.execute(query):
        found[response_id][key] = (
            f"{number:g}" if number is not None and not KINDS[kind].composed else text or ""
        )
    return found


About = tuple[dict[str, None], dict[str, None], dict[str, None]]
"""Themes, emotions, actions: each once, in their order."""


def _about(ids: Sequence[int]) -> dict[int, About]:
    found: dict[int, About] = defaultdict(lambda: ({}, {}, {}))
    for place, query in enumerate((_themes(), _emotions(), _actions())):
        for response_id, words in db.session.execute(query.where(among(Comment.response_id, ids))):
            found[response_id][place][words] = None
    return found


def _themes() -> Rows:
    return (
        select(Comment.response_id, Theme.key)
        .join(comment_theme, comment_theme.c.comment_id == Comment.id)
        .join(Theme, Theme.id == comment_theme.c.theme_id)
        .order_by(Comment.id, Theme.id)
    )


def _emotions() -> Rows:
    decided = select(Comment.response_id, Comment.emotion).where(Comment.emotion.is_not(None))
    return decided.order_by(Comment.id)


def _actions() -> Rows:
    live = select(Comment.response_id, Action.title).join(Tag, Tag.comment_id == Comment.id)
    return live.join(Action, Action.id == Tag.action_id).where(Tag.withdrawn_at.is_(None)).order_by(Tag.id)
