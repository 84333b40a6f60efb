"""The renderer's process: what it may use, how it ends, and what is said when a report could not be drawn."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.pdf import rendering
from reports.pdf.manuscripts import Limits
from reports.pdf.rendering import Renderer, RenderError
from tests.processes.senders import is_gone
from tests.reports.samples import page
from tests.waiting import until

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
ENDLESS = "<p>word</p>" * 60_000


@pytest.fixture
def fresh() -> Iterator[Renderer]:
    renderer = Renderer()
    yield renderer
    renderer.close()


def test_it_starts_with_the_first_report_and_stays_for_the_next(fresh: Renderer) -> None:
    assert fresh.child is None
    first = fresh.draw(page("<p>one"))
    process = fresh.child
    assert fresh.draw(page("<p>one")) == first
    assert fresh.child is process


def test_it_ends_when_idle_and_comes_back_when_needed() -> None:
    renderer = Renderer(Limits(idle=0.05))
    renderer.draw(page("<p>one"))
    assert renderer.child
    until(lambda: renderer.child and renderer.child.poll() is not None)
    assert renderer.child.returncode == 0
    assert renderer.draw(page("<p>two")).pdf.startswith(b"%PDF")
    renderer.close()


def test_taking_too_long_is_a_sentence(renderer: Renderer) -> None:
    renderer.limits = Limits(seconds=1)
    with pytest.raises(RenderError, match="took longer than 1 seconds and was stopped"):
        renderer.draw(page(ENDLESS))
    renderer.limits = Limits()
    assert renderer.draw(page("<p>and on with the next")).pdf


def test_too_much_memory_is_a_sentence(renderer: Renderer) -> None:
    renderer.limits = Limits(memory=120 << 20)
    with pytest.raises(RenderError, match=r"more than 120 MB of memory|stopped before it was done"):
        renderer.draw(page(ENDLESS))
    renderer.limits = Limits()
    assert renderer.draw(page("<p>and on with the next")).pdf


@LINUX
@pytest.mark.parametrize("victim", ["job", "renderer"])
def test_being_killed_is_a_sentence_and_the_next_report_is_drawn(victim: str, fresh: Renderer) -> None:
    fresh.draw(page("<p>warm"))
    assert fresh.child
    pid, said = fresh.child.pid, list[str]()
    thread = threading.Thread(target=lambda: said.append(sentence(fresh)))
    thread.start()
    until(lambda: jobs_of(pid))
    os.kill(jobs_of(pid)[0] if victim == "job" else pid, signal.SIGKILL)
    thread.join()
    assert said == ["The program that draws reports was stopped before it was done."]
    assert fresh.draw(page("<p>and on with the next")).pdf


def sentence(renderer: Renderer) -> str:
    try:
        renderer.draw(page(ENDLESS))
    except RenderError as error:
        return error.sentence
    return "drawn"


def jobs_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@LINUX
def test_it_keeps_no_rights_and_no_secrets(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "in the server's environment")
    renderer.close()
    renderer.draw(page("<p>one"))
    assert renderer.child
    about = Path(f"/proc/{renderer.child.pid}")
    assert b"SECRET_KEY" not in (about / "environ").read_bytes()
    uids = next(line for line in (about / "status").read_text().splitlines() if line.startswith("Uid:"))
    assert os.geteuid() != 0 or set(uids.split()[1:]) == {"65534"}


@LINUX
def test_it_ends_with_a_server_that_was_killed() -> None:
    program = (
        "import sys; from reports.pdf.rendering import renderer; from tests.reports.samples import page\n"
        "renderer.draw(page('<p>one')); print(renderer.child.pid, flush=True); sys.stdin.read()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    pid = int(server.stdout.readline())
    server.kill()
    server.communicate()
    until(lambda: is_gone(pid))


def test_the_server_side_loads_no_renderer() -> None:
    program = "import sys, reports.pdf.rendering, reports.pdf.document; print('weasyprint' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"


def test_without_pango_a_sentence_says_so(
    renderer: Renderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(rendering, "PASSED_ON", (*rendering.PASSED_ON, "PYTHONPATH"))
    renderer.close()
    with pytest.raises(RenderError, match=r"PDF reports need Pango, which was not found here .*libpango"):
        renderer.draw(page("<p>one"))
    renderer.close()


def test_a_missing_glyph_is_heard_of(renderer: Renderer) -> None:
    assert any(".notdef" in warning for warning in renderer.draw(page("<p>\U0001fbff")).warnings)
