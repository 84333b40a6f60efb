"""REST: what comments are about: read, renamed, merged, taken away."""

from typing import Any

from flask import Response
from flask_babel import gettext as _

from accounts.idempotency import once
from core import clock
from core.access import Role, load, require
from core.api.bodies import PageQuery
from core.api.rest import list_of, page
from core.database.counting import MANY
from core.db import db, writing
from core.errors import DomainError
from triage.api import blueprint
from triage.themes import queries_themes
from triage.themes.models import Theme
from triage.themes.queries_themes import ThemeLine
from triage.themes.shapes import MergerBody, ThemeAnswer, ThemeMerged, ThemePatch
from triage.themes.theming import LONGEST, merge, remove, rename


@blueprint.get("/themes")
@require(Role.viewer)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(ThemeAnswer))
def themes(query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's themes, oldest first, with how many comments and actions are about each."""
    rows, following = page(queries_themes.there(), Theme.id, query["after"], query["limit"])
    return {"data": [_as_json(line) for line in queries_themes.lines(rows)], "next": following}


def _as_json(line: ThemeLine) -> dict[str, Any]:
    return {
        "id": line.id, "key": line.key, "name": line.name, "comments": min(line.comments, MANY), "actions": min(line.actions, MANY),
        "more": max(line.comments, line.actions) > MANY,
    }  # fmt: skip


@blueprint.patch("/themes/<int:theme_id>")
@require(Role.manager)
@blueprint.arguments(ThemePatch)
@blueprint.response(200, ThemeAnswer)
def rename_theme(body: dict[str, Any], theme_id: int) -> dict[str, Any]:
    """Call it otherwise; a language that is left out keeps its words, an empty one loses them. 409: another is called so."""
    if longer := [name for name in body["name"].values() if len(name) > LONGEST]:
        raise DomainError(
            _(
                "This text is %(n)d characters long; there is room for %(limit)d.",
                n=len(longer[0]),
                limit=LONGEST,
            )
        )
    with writing():
        theme = load(Theme, theme_id)
        rename(theme, {**theme.name, **body["name"]}, clock.now())
        db.session.flush()
        return _as_json(queries_themes.lines([theme])[0])


@blueprint.post("/themes/<int:theme_id>/merger")
@require(Role.manager)
@blueprint.arguments(MergerBody)
@blueprint.alt_response(200, schema=ThemeMerged)
def merge_theme(body: dict[str, Any], theme_id: int) -> Response:
    """Everything about it is about `into` from now on; the answer is the theme that stays. 409: one of them ended meanwhile."""
    return once(lambda: _merged(load(Theme, theme_id), load(Theme, body["into"])), 200)


def _merged(theme: Theme, into: Theme) -> dict[str, Any]:
    moved = merge(theme, into, clock.now())
    return {**_as_json(queries_themes.lines([into])[0]), "moved": moved}


@blueprint.delete("/themes/<int:theme_id>")
@require(Role.manager)
@blueprint.response(204)
def remove_theme(theme_id: int) -> None:
    """Take away what nothing is about; 409 when something is."""
    with writing():
        remove(load(Theme, theme_id), clock.now())
