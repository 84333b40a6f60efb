"""script/server as a newcomer meets it: real processes, one plain line for what goes wrong, nothing left behind."""

import itertools
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil
import pytest

from tests.waiting import until

ROOT = Path(__file__).parents[2]
Server = subprocess.Popen[str]


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """The environment of an installation of its own, without the demo, on a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"DATABASE_URL": f"sqlite:///{tmp_path / 'terugkoppel.db'}", "PORT": str(port), "DEMO": "0"}
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | own


def start(surroundings: dict[str, str]) -> Server:
    command = [sys.executable, "-m", "script.serve"]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    )


@pytest.fixture
def installed(surroundings: dict[str, str], sqlite_template: Path) -> dict[str, str]:
    """With a database that was made before."""
    shutil.copy(sqlite_template, surroundings["DATABASE_URL"].removeprefix("sqlite:///"))
    return surroundings


@pytest.fixture
def server(installed: dict[str, str]) -> Iterator[Server]:
    """A server that has said where it runs, with its clock."""
    with running(installed) as started:
        yield started


@contextmanager
def running(surroundings: dict[str, str]) -> Iterator[Server]:
    started = start(surroundings)
    try:
        assert started.stdout
        heard = "".join(iter(started.stdout.readline, "Ctrl-C stops it.\n"))
        assert f"Terugkoppel runs at http://127.0.0.1:{surroundings['PORT']}\n" in heard, (
            started.communicate()
        )
        yield started
    finally:
        for process in alive(started.pid):
            process.kill()
        started.communicate()


def _until_stops(said: IO[str]) -> Iterator[str]:
    """The lines up to "Ctrl-C stops it.", or all there are."""
    return itertools.takewhile(lambda line: line != "Ctrl-C stops it.\n", said)


def alive(group: int) -> list[psutil.Process]:
    """The processes of a group; one that nobody collected has ended all the same."""
    return [
        p
        for p in psutil.process_iter(["status"])
        if p.info["status"] != psutil.STATUS_ZOMBIE and _group(p) == group
    ]


def _group(process: psutil.Process) -> int | None:
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return None


def the_end_of(surroundings: dict[str, str]) -> tuple[int, str]:
    """Exit code and the words on stderr of a server that cannot start."""
    refused = start(surroundings)
    said, complaint = refused.communicate(timeout=60)
    assert said == ""
    assert alive(refused.pid) == []
    return refused.returncode, complaint


def part(server: Server, name: str) -> psutil.Process:
    """The process that was started as `name`, directly below the server."""
    return next(p for p in psutil.Process(server.pid).children() if name in p.cmdline())


def test_one_that_begins_with_nothing_ends_all_its_parts_at_term_and_exits_well(
    surroundings: dict[str, str],
) -> None:
    with running(surroundings) as server:
        assert len(alive(server.pid)) == 4  # the server, granian, its worker, the clock
        server.send_signal(signal.SIGTERM)
        assert server.wait(25) == 0
        assert alive(server.pid) == []
        complaints = server.communicate()[1]
    assert "Error" not in complaints
    assert "Traceback" not in complaints


def test_ctrl_c_which_reaches_all_at_once_ends_them_without_a_word(server: Server) -> None:
    os.killpg(server.pid, signal.SIGINT)
    assert server.wait(25) == 0
    assert alive(server.pid) == []
    assert "Traceback" not in server.communicate()[1]


def test_ctrl_c_before_the_first_page(surroundings: dict[str, str]) -> None:
    with start(surroundings) as begun:
        until(lambda: len(psutil.Process(begun.pid).children()) == 2)
        os.killpg(begun.pid, signal.SIGINT)
        assert begun.wait(25) == 0
        assert alive(begun.pid) == []
        assert begun.communicate() == ("", "")


def test_nothing_outlives_a_killed_server(server: Server) -> None:
    server.kill()
    until(lambda: not alive(server.pid), seconds=2)


@pytest.mark.parametrize(("name", "called"), [("web", "web server"), ("clock", "clock")])
def test_a_part_that_dies_is_named_and_takes_the_rest_along(server: Server, name: str, called: str) -> None:
    part(server, name).kill()
    assert server.wait(25) == 1
    assert f"Error: The {called} ended by itself (code -9). Stopping the rest.\n" in server.communicate()[1]
    until(lambda: not alive(server.pid), 2)


def test_a_worker_that_dies_ends_the_server(server: Server) -> None:
    part(server, "web").children()[0].kill()
    assert server.wait(25) == 1
    until(lambda: not alive(server.pid), 2)


@pytest.mark.skipif(
    psutil.cpu_count() == 1 or not psutil.LINUX, reason="a machine with several cores to choose from"
)
def test_the_thread_that_made_the_first_page_stays_on_one_core(server: Server) -> None:
    """So a server that runs does what core/one_core.py says; what else its process does is done where there is room."""
    threads = part(server, "web").children()[0].threads()
    may_be_on = {len(os.sched_getaffinity(thread.id)) for thread in threads}
    assert may_be_on == {1, len(os.sched_getaffinity(0))}


def test_a_taken_port(surroundings: dict[str, str]) -> None:
    port = int(surroundings["PORT"])
    with socket.create_server(("127.0.0.1", port)):
        code, complaint = the_end_of(surroundings)
    remedy = f"Take another: PORT={port + 1} script/server"
    assert (code, complaint) == (1, f"Error: Port {port} cannot be used (Address already in use). {remedy}\n")


@pytest.mark.parametrize(
    ("name", "value"), [("HOLD_MINUTES", "soon"), ("PORT", "http"), ("WEB_PROCESSES", "2")]
)
def test_a_bad_setting(surroundings: dict[str, str], name: str, value: str) -> None:
    code, complaint = the_end_of(surroundings | {name: value})
    assert code == 2
    assert complaint.startswith("Error: ")
    assert name in complaint
    assert complaint.count("\n") == 1


def test_a_database_newer_than_the_code(
    surroundings: dict[str, str], sqlite_template: Path, tmp_path: Path
) -> None:
    file = shutil.copy(sqlite_template, tmp_path / "terugkoppel.db")
    with sqlite3.connect(file) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    database.close()
    code, complaint = the_end_of(surroundings)
    assert code == 1
    assert complaint.startswith("Error: This database is newer than the code.")
    assert complaint.count("\n") == 1


def test_a_folder_that_cannot_be_made(surroundings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code, complaint = the_end_of(
        surroundings | {"DATABASE_URL": f"sqlite:///{tmp_path / 'file' / 'here.db'}"}
    )
    assert code == 2
    assert complaint.count("\n") == 1


# ---- the lifeline where the kernel offers none ----

CHILD = """
import os, sys
sys.platform = "another"
from script import lifeline
lifeline.hold(os.getppid())
print(os.getpid(), flush=True)
sys.stdin.read()
"""
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


def test_a_child_follows_its_parent_without_the_kernels_help() -> None:
    command = [sys.executable, "-c", PARENT, CHILD]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, seconds=3)
