"""Pages that take a file or a long list: how large it may be is said beside the view, and judged before anything is read."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, abort, current_app, request
from flask_babel import gettext as _

P = ParamSpec("P")
R = TypeVar("R")

MEGABYTE = 1024 * 1024
PARTS = 6_000
"""Of the longest form there is: a survey of sixty questions in sixteen languages."""


def takes(megabytes: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For a view whose form may be larger than others: 413 with a sentence above it."""

    def bound(view: Callable[P, R]) -> Callable[P, R]:
        view.megabytes = megabytes  # type: ignore[attr-defined]
        return view

    return bound


def init_uploads(app: Flask) -> None:
    """Before anybody looks at the form."""
    app.before_request(_bound)


def _bound() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    megabytes = getattr(view, "megabytes", 0)
    if not megabytes or request.method != "POST":
        return
    most = megabytes * MEGABYTE
    request.max_content_length = request.max_form_memory_size = most
    request.max_form_parts = PARTS
    if (request.content_length or 0) > most:
        abort(
            413,
            _("This is larger than %(n)d MB. Keep only what is needed, or send it in parts.", n=megabytes),
        )
