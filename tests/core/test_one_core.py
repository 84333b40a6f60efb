"""In a process that serves, pages for strangers are made on one core, those of staff on any."""

import os
import sys
import threading
from collections.abc import Callable

import pytest
from flask import Flask

from core import one_core
from core.access import Role, public, require

ALL = os.sched_getaffinity(0) if sys.platform == "linux" else {0}
pytestmark = pytest.mark.skipif(
    len(ALL) < 2, reason="a machine where threads can be told one of several cores"
)


@pytest.fixture
def served() -> Flask:
    app = Flask(__name__)
    app.add_url_rule("/s/webshop", "survey", public(lambda: "questions"))
    app.add_url_rule("/inbox", "inbox", require(Role.agent)(lambda: "comments"))
    one_core.gather(app)
    return app


def cores_after(app: Flask, *pages: str) -> list[set[int]]:
    """Where a thread of its own may be after each page."""
    found: list[set[int]] = []

    def work() -> None:
        for page in pages:
            app.test_client().get(page)
            found.append(os.sched_getaffinity(0))

    in_a_thread(work)
    return found


def in_a_thread(work: Callable[[], object]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_every_thread_makes_pages_for_strangers_on_the_same_core(served: Flask) -> None:
    first, second = cores_after(served, "/s/webshop"), cores_after(served, "/s/webshop")
    assert first == second
    assert len(first[0]) == 1


def test_a_page_of_staff_or_nobody_is_made_where_there_is_room(served: Flask) -> None:
    one, inbox, again, nowhere = cores_after(served, "/s/webshop", "/inbox", "/s/webshop", "/nowhere")
    assert inbox == nowhere == ALL
    assert one == again != ALL


def test_a_system_that_refuses_costs_nobody_a_page(served: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_pid: int, _cores: set[int]) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    found: list[str] = []
    in_a_thread(lambda: found.append(served.test_client().get("/s/webshop").text))
    assert found == ["questions"]


def test_a_page_moves_no_thread_but_its_own(served: Flask) -> None:
    cores_after(served, "/s/webshop")
    assert os.sched_getaffinity(0) == ALL
