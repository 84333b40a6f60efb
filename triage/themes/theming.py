"""What comments are about, put in order: a theme is renamed, merged into another one, or taken away when nothing is about it.

A theme that ends keeps its row: its address, and its name when somebody types it again, lead to the one that holds
its comments now. Whoever reads a theme to write with it waits for whoever ends it, so that nothing is left behind.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, exists, or_, select, update

from core import audit
from core.application import words
from core.db import db
from core.errors import Conflict, DomainError
from core.text import one_line, search_key
from surveys.models import Survey
from triage import indexing
from triage.inbox.models import SavedView
from triage.models import Action
from triage.themes.models import Theme, comment_theme

LONGEST = 60
"""Characters of a name."""


def rename(theme: Theme, name: Mapping[str, str], now: datetime) -> None:
    """Give it these words, by language. Conflict when another theme is called so, or this one has ended."""
    (theme,) = _locked(theme.id)
    refuse_ended(theme)
    new = {language: line for language, text in name.items() if (line := one_line(text, LONGEST))}
    if not new:
        raise DomainError(_("Give it a name."))
    if other := _called(theme.organisation_id, set(map(as_compared, new.values())), but=theme.id):
        raise Conflict(
            _("There is a theme “%(name)s” already. You can merge the two.", name=words(other.name))
        )
    before, theme.name = theme.name, new
    audit.record("theme.renamed", theme, now, before=before, after=new)


def merge(theme: Theme, into: Theme, now: datetime) -> int:
    """Everything about `theme` is about `into` from now on; returns how many comments moved. Conflict for who comes too late."""
    if theme.id == into.id:
        raise DomainError(_("A theme cannot be merged into itself. Choose another one."))
    theme, into = _locked(theme.id, into.id)
    refuse_ended(theme)
    refuse_ended(into)
    moved = _move_comments(theme, into)
    db.session.execute(update(Action).where(Action.theme_id == theme.id).values(theme_id=into.id))
    db.session.execute(update(Theme).where(Theme.merged_into_id == theme.id).values(merged_into_id=into.id))
    _move_views(theme, into)
    _move_rules(theme, into)
    theme.ended_at, theme.merged_into_id = now, into.id
    audit.record(
        "theme.merged", into, now, name=theme.name, into=into.name, theme_id=theme.id, comments=moved
    )
    return moved


def _move_comments(theme: Theme, into: Theme) -> int:
    """All of them at once, and their lines in the index; whoever carries both themes keeps the other one."""
    db.session.flush()
    indexing.retheme(theme.id, into.id)
    both = select(comment_theme.c.comment_id).where(comment_theme.c.theme_id == into.id)
    only = comment_theme.c.comment_id.not_in(both.scalar_subquery())
    moving = update(comment_theme).where(comment_theme.c.theme_id == theme.id, only)
    moved = db.session.execute(moving.values(theme_id=into.id)).rowcount  # type: ignore[attr-defined]
    left = db.session.execute(delete(comment_theme).where(comment_theme.c.theme_id == theme.id)).rowcount  # type: ignore[attr-defined]
    db.session.expire_all()
    return int(moved + left)


def _move_views(theme: Theme, into: Theme) -> None:
    """What colleagues saved goes on showing the same comments."""
    views = select(SavedView).where(SavedView.organisation_id == theme.organisation_id)
    for view in db.session.scalars(views):
        if view.filters.get("theme") == theme.key:
            view.filters = {**view.filters, "theme": into.key}


def _move_rules(theme: Theme, into: Theme) -> None:
    """Rules that give comments to colleagues go on naming what they are about."""
    for survey in db.session.scalars(select(Survey).where(Survey.organisation_id == theme.organisation_id)):
        if rules := survey.assigning.get("rules"):
            moved = [{**r, "theme": into.id} if r["theme"] == theme.id else r for r in rules]
            survey.assigning = {**survey.assigning, "rules": moved}


def remove(theme: Theme, now: datetime) -> None:
    """Take a theme away that nothing is about; Conflict when something is."""
    (theme,) = _locked(theme.id)
    refuse_ended(theme)
    if in_use(theme):
        raise Conflict(
            _("Something is about “%(name)s”. Merge it into another theme instead.", name=words(theme.name))
        )
    theme.ended_at = now
    audit.record("theme.removed", theme, now, name=theme.name)


def in_use(theme: Theme) -> bool:
    about = exists().where(comment_theme.c.theme_id == theme.id), exists().where(Action.theme_id == theme.id)
    return bool(db.session.scalar(select(or_(*about))))


def named(organisation_id: int, name: str, language: str, now: datetime) -> Theme:
    """The theme that is called so, in whatever language: also the one it was merged into. A new one, where none is."""
    found = _called(organisation_id, {as_compared(name)}, ended=True)
    if found:
        return holding([found], now)[0]
    theme = Theme(
        organisation_id=organisation_id,
        key=_free_key(organisation_id, name),
        name={language: one_line(name, LONGEST)},
    )
    db.session.add(theme)
    db.session.flush()
    return theme


def holding(themes: Iterable[Theme], now: datetime) -> list[Theme]:
    """Each, or what it was merged into meanwhile; one that was taken away meanwhile is there again."""
    held = [theme.merged_into or theme for theme in _locked(*(t.id for t in themes))]
    for theme in held:
        if theme.ended_at:
            theme.ended_at = None
            audit.record("theme.restored", theme, now, name=theme.name)
    return list(dict.fromkeys(held))


def _locked(*ids: int) -> Sequence[Theme]:
    """As they are now, in this order, until the transaction ends; locked in one order by everybody."""
    rows = select(Theme).where(Theme.id.in_(ids)).order_by(Theme.id).with_for_update()
    found = {t.id: t for t in db.session.scalars(rows.execution_options(populate_existing=True))}
    return [found[id] for id in ids]


def refuse_ended(theme: Theme) -> None:
    if theme.merged_into:
        raise Conflict(
            _("“%(name)s” was merged into “%(other)s” meanwhile.", name=words(theme.name), other=words(theme.merged_into.name))
        )  # fmt: skip
    if theme.ended_at:
        raise Conflict(_("“%(name)s” was taken away meanwhile.", name=words(theme.name)))


def _called(organisation_id: int, names: set[str], *, but: int = 0, ended: bool = False) -> Theme | None:
    """One with one of these names, as they are compared; those that are there before those that ended."""
    query = select(Theme).where(Theme.organisation_id == organisation_id, Theme.id != but).order_by(Theme.id)
    themes = db.session.scalars(query if ended else query.where(Theme.ended_at.is_(None))).all()
    alike = [t for t in themes if names & set(map(as_compared, t.name.values()))]
    return min(alike, key=lambda t: t.ended_at is not None, default=None)


def as_compared(name: str) -> str:
    """ "Delivery  time" and "delivery-time" are one name; without any letter it is compared sign by sign."""
    line = search_key(one_line(name, LONGEST))
    return " ".join("".join(c if c.isalnum() else " " for c in line).split()) or line


def _free_key(organisation_id: int, name: str) -> str:
    """delivery-time; with a number behind it where that is taken."""
    key = as_compared(name).replace(" ", "-")[:36] if any(map(str.isalnum, name)) else "-"
    like = select(Theme.key).where(
        Theme.organisation_id == organisation_id, Theme.key.startswith(key, autoescape=True)
    )
    taken, n = set(db.session.scalars(like)), 1
    while (free := key if n == 1 else f"{key}-{n}") in taken:
        n += 1
    return free
