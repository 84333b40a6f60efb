"""A real browser on the real application: served on a loopback port, with the clock run by hand."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from accounts import links
from core import clock, jobs
from core.db import db, writing
from scheduler import TICKS
from tests.cast import Cast

logging.getLogger("werkzeug").setLevel(logging.WARNING)
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the application, answered by threads of this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"public_url": address})
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass(frozen=True, slots=True)
class Device:
    """How somebody looks at a page."""

    width: int
    scheme: str
    scripts: bool = True


WIDE_LIGHT, NARROW_DARK = Device(1280, "light"), Device(320, "dark")
PHONE = Device(320, "light", scripts=False)


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Callable[[Device], BrowserContext]]:
    """Opens a browser that nobody used before, on a device; everything it opened is closed afterwards."""
    opened: list[BrowserContext] = []

    def visit(device: Device = WIDE_LIGHT) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": device.width, "height": 800},
            color_scheme=device.scheme,  # type: ignore[arg-type]
            java_script_enabled=device.scripts,
            locale="en-GB",
            base_url=site,
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield visit
    for context in opened:
        context.close()


@pytest.fixture
def alice(people: Cast, visitor: Callable[..., BrowserContext]) -> Page:
    """The manager, signed in by a one-time link and its button."""
    page = visitor().new_page()
    sign_in(page, people)
    return page


def sign_in(page: Page, people: Cast) -> None:
    token = links.draw()
    with writing():
        links.issue(people.alice.id, token, clock.now())
    page.goto(f"/sign-in/{token}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def tick() -> None:
    """What the clock would do now."""
    db.session.rollback()
    jobs.run_all(TICKS, clock.now())
    db.session.rollback()
