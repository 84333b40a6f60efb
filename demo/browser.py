"""A browser without a screen: it opens our own pages, fills in the form that stands there, and sends it."""

from contextvars import Context
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from core.db import db
from core.errors import DomainError
from core.settings import settings
from demo.pages import Page, read


class Browser:
    """Keeps its cookies, and follows where it is sent."""

    def __init__(self) -> None:
        self._client = current_app.test_client()

    def open(self, address: str) -> Page:
        return self._ask("GET", address)

    def send(self, page: Page, ending: str, **filled: object) -> Page:
        """Fill in the form of this page that goes to this ending, and send it. A list is several values."""
        form = page.form(ending)
        data = form.fields | {name: _several(value) for name, value in filled.items()}
        return self._ask("POST", form.action or page.address, data)

    def _ask(self, method: str, address: str, data: dict[str, list[str]] | None = None) -> Page:
        """In a context of its own, as a request from outside; DomainError with what the page says when it refuses."""
        asked: dict[str, Any] = {"method": method, "data": data, "follow_redirects": True}
        answer = Context().run(self._client.open, _within(address), base_url=settings().address, **asked)
        db.session.rollback()  # what the page changed is read again
        page = read(answer.request.full_path.rstrip("?"), answer.status_code, answer.get_data())
        if page.status >= 400:
            raise DomainError(f"{method} {page.address} answered {page.status}: {page.words[:600]}")
        return page


def _several(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


def _within(address: str) -> str:
    """An absolute address of ours as the path that a test client asks for."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
