"""Pictures of the real thing: the demo's pages, one of its mails, and page one of its report."""

import logging
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pypdfium2
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from app import create_app
from core import clock, links, schema
from core.db import db
from core.settings import ROOT, Settings
from demo import load
from outbox.models import Message
from outbox.slots import masked
from promises.models import Promise, Update
from reports.making import pdf_of
from surveys.models_responses import Response
from triage.models import Comment
from triage.themes.models import Theme

PICTURES = ROOT / "docs" / "pictures"
logging.getLogger("werkzeug").disabled = True
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, _demo(data) as app, _served(app) as address:
        app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"public_url": address})
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
            _staff(browser, load.sign_in_links(clock.now())["manager"], address)
            _respondent(browser, address)
            browser.close()
        _report(Path(data))
    return 0


@contextmanager
def _demo(data: str) -> Iterator[Flask]:
    app = create_app(Settings(database_url=f"sqlite:///{data}/demo.db", data_dir=data, log_level="ERROR"))  # type: ignore[arg-type]
    with app.app_context():
        schema.require_current()
        load.load_demo(print, clock.now())
        app.extensions["ticks"] = ()
        yield app
        db.session.remove()


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def _staff(browser: Browser, link: str, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 860}, base_url=address)
    page.goto(link)
    page.locator("main button").click()
    page.wait_for_load_state()
    for name, path in (
        ("inbox", "/inbox"),
        ("comment", f"/comments/{_told_comment()}"),
        ("ledger", "/ledger"),
    ):
        _take(page, name, path)


def _respondent(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 420, "height": 860}, device_scale_factor=2, base_url=address)
    response = db.session.get_one(Response, db.session.get_one(Comment, _told_comment()).response_id)
    _take(page, "status", links.path("status", response.id, response.link_version))
    page = browser.new_page(viewport={"width": 420, "height": 860}, device_scale_factor=2)
    page.set_content(_mail(response))
    page.screenshot(path=PICTURES / "mail.png")


def _take(page: Page, name: str, path: str) -> None:
    page.goto(path)
    page.screenshot(path=PICTURES / f"{name}.png")


def _told_comment() -> int:
    """The newest comment with a theme that was told by mail."""
    told = select(Update.promise_id).where(
        Update.kind == "ending", Update.how == "done", Update.channel == "mail"
    )
    responses = select(Promise.response_id).where(Promise.id.in_(told))
    query = select(Comment.id).where(Comment.response_id.in_(responses), Comment.themes.any(Theme.id > 0))
    return db.session.scalars(query.order_by(Comment.id.desc())).first() or 1


def _mail(response: Response) -> str:
    carried = (
        select(Update.message_id)
        .join(Promise)
        .where(Promise.response_id == response.id, Update.kind == "ending")
    )
    message = db.session.scalars(
        select(Message).where(Message.id.in_(carried)).order_by(Message.id.desc())
    ).first()
    return masked(message.html, message.slot, message.links) if message else ""


def _report(data: Path) -> None:
    today = clock.now().date()
    pdf_of("bestelling", today - timedelta(days=364), today, "nl", data / "report.pdf")
    with pypdfium2.PdfDocument(data / "report.pdf") as report:
        report[0].render(scale=80 / 72).to_pil().save(PICTURES / "report.png")


if __name__ == "__main__":
    sys.exit(main())
