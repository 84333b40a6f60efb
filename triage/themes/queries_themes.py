"""Themes as staff see them: how many comments and actions are about each, and what happened to it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core.access import own
from core.application import words
from core.database.counting import MANY
from core.db import Rows, db
from core.models import Event
from core.text import search_key
from triage.models import Action
from triage.themes.models import Theme, comment_theme

PAGE = 50


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme; neither count is taken further than `core.counting` does."""

    id: int
    key: str
    name: dict[str, str]
    comments: int
    actions: int

    @property
    def unused(self) -> bool:
        return not self.comments and not self.actions


@dataclass(frozen=True, slots=True)
class ThemePage:
    lines: list[ThemeLine]
    previous: int | None
    """Where the page before begins; None on the first."""
    next: int | None


def there() -> Rows:
    """The organisation's themes that have not ended."""
    return own(Theme).where(Theme.ended_at.is_(None))


def theme_page(start: int = 0) -> ThemePage:
    """By name, as the reader reads them, from the one with this number in the list on."""
    by_name = sorted(db.session.scalars(there()), key=lambda t: (search_key(words(t.name)), t.id))
    before = max(start - PAGE, 0) if start else None
    after = start + PAGE if len(by_name) > start + PAGE else None
    return ThemePage(lines(by_name[start : start + PAGE]), before, after)


def lines(themes: list[Theme]) -> list[ThemeLine]:
    """Each with how many are about it."""
    about = {
        id: (comments, actions)
        for id, comments, actions in db.session.execute(
            select(Theme.id, _counted(comment_theme.c.theme_id), _counted(Action.theme_id)).where(
                Theme.id.in_([t.id for t in themes])
            )
        )
    }
    return [ThemeLine(t.id, t.key, t.name, *about[t.id]) for t in themes]


def _counted(theme_id: Any) -> ColumnElement[int]:
    some = select(theme_id).where(theme_id == Theme.id).correlate(Theme).limit(MANY + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def others(theme: Theme) -> list[Theme]:
    """What it can be merged into, by name."""
    found = db.session.scalars(there().where(Theme.id != theme.id))
    return sorted(found, key=lambda t: (search_key(words(t.name)), t.id))


def merged_into(theme: Theme) -> list[Theme]:
    """Those that it holds the comments of, by name."""
    found = db.session.scalars(own(Theme).where(Theme.merged_into_id == theme.id))
    return sorted(found, key=lambda t: (search_key(words(t.name)), t.id))


def happened_to(theme: Theme) -> Rows:
    """Events of it and of what was merged into it."""
    ids = [theme.id, *(t.id for t in merged_into(theme))]
    return own(Event).where(Event.subject_type == "theme", Event.subject_id.in_(ids))
